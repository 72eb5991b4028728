"""The command line: parse, call one workflow, print. Everything heavy is imported inside the commands."""
