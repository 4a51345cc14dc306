"""The command line's commands, one subject per module."""
