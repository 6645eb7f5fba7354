"""The screens measured against the aims for them, and a person's tasks done: `make screens`."""
