"""Messages in and out, independent of the platform they travel on."""
