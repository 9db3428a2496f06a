"""The self-test of the controls: plants a violation of each in a copy of the data and reports what no control noticed."""
