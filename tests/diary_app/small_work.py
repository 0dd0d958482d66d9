"""Small work for processes of its own; it imports nothing, so that they start at once."""

import multiprocessing
import os


def squared(number: int) -> int:
    return number * number


def dies_elsewhere(number: int) -> int:
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return number * number


def refuses_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def dies(_part: int) -> int:
    os._exit(3)
