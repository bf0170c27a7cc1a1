"""What a draft of the rules would do to the past: `plan` under the draft held against `plan` under the rules in force.

altering (what differs between two rulesets) → trial (one learner under both) → comparing (two plans → what moved) →
tally (what moved for many learners, added up in any order). Pure; nothing of it is ever stored as a result.
"""
