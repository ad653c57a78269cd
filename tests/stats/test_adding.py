"""What several workers counted, taken together."""

from __future__ import annotations

from forumcrawl.stats.adding import summed


def test_counters_of_dead_workers_count_and_their_levels_do_not() -> None:
    dead = ({"pages/thread": 3, "downloading": 7, "queue/waiting": 90, "job": "a"}, False)
    living = ({"pages/thread": 4, "pages/member": 1, "downloading": 2, "queue/waiting": 80, "job": "b"}, True)
    assert summed([dead, living]) == {
        "pages/thread": 7,
        "pages/member": 1,
        "downloading": 2,
        "queue/waiting": 80,
        "job": "b",
    }


def test_of_memory_the_largest_counts_and_of_disk_space_the_smallest() -> None:
    one, other = {"memusage/max": 5, "disk/free": 10}, {"memusage/max": 9, "disk/free": 20}
    assert summed([(one, True), (other, True)]) == {"memusage/max": 9, "disk/free": 10}


def test_a_name_that_nobody_declared_is_left_out() -> None:
    assert summed([({"my_own": 1, "pages/thread": 1}, True)]) == {"pages/thread": 1}
