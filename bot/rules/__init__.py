"""Pure rules: values in, values out. No input or output, no other package of the bot but its clock's zone."""
