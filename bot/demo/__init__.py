"""The demonstration: a small programme of 2020 on the simulated platform."""
