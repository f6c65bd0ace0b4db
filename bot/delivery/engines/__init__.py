"""What wakes the work: nothing here knows what there is to do, and the rows stay the truth under either engine."""
