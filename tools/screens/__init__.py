"""The screens measured against the aims for them: `make screens`."""
