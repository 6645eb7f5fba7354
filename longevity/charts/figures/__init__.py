"""What each picture looks like: a frame in, a figure with its words and rows out."""
