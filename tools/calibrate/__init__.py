"""Whether the intervals and tests hold on data that cluster as shootings do."""
