"""Bugs to plant into a process of the service, so that a soak can prove that it would find them.

Nothing of the service is changed on the disk: a process that is told to sow one replaces a part
of itself in memory before it starts.
"""

from tests.soak import bugs_of_answers, bugs_of_jobs
from tests.soak.planting import Plant

PLANTS = {
    "bytes-after-the-row": Plant(
        "an image is ready before its bytes are stored", bugs_of_jobs.bytes_after_the_row
    ),
    "claimed-for-ever": Plant("a claim has no end", bugs_of_jobs.claimed_for_ever),
    "claimed-twice": Plant(
        "a claim does not look whether the job is taken", bugs_of_jobs.claimed_twice
    ),
    "charged-again": Plant("a second attempt is charged again", bugs_of_jobs.charged_again),
    "refund-apart": Plant("credits go back in another transaction", bugs_of_jobs.refund_apart),
    "no-refund": Plant("credits do not go back", bugs_of_jobs.no_refund),
    "answered-before-commit": Plant(
        "the answer comes before the commit", bugs_of_answers.answered_before_commit
    ),
    "views-in-memory": Plant(
        "views are counted in memory for a while", bugs_of_answers.views_in_memory
    ),
    "links-remembered": Plant(
        "a link that was open once stays open", bugs_of_answers.links_remembered
    ),
    "torn-archives": Plant("archives hold other bytes", bugs_of_answers.torn_archives),
    "key-kept-apart": Plant(
        "an Idempotency-Key is kept in another transaction", bugs_of_answers.key_kept_apart
    ),
    "rows-remembered": Plant(
        "images are remembered, while others change them", bugs_of_answers.rows_remembered
    ),
    "marked-in-two-steps": Plant(
        "a mark is read and then written", bugs_of_answers.marked_in_two_steps
    ),
    "only-announced": Plant(
        "nobody looks for jobs that were not announced", bugs_of_jobs.only_what_was_announced
    ),
}
