"""What goes out: planning rows, pacing, sending and recording."""
