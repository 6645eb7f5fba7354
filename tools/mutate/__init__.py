"""Puts small mistakes into the code, one at a time: a test must notice each.

A mistake that no test notices (a *mutant* that survives) shows what is not tested.
"""
