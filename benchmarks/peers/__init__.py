"""The peers: what users of other libraries write, in a file each."""
