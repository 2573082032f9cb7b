"""A careers site of an invented company, served in the demo and the tests for the worker to apply on."""
