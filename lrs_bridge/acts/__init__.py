"""What people do: one function for each act (submit, confirm, mark ready, decide, publish, import, …).

Every act checks who may do it (`permission`), refuses what the present state does not allow, writes its facts, makes
the learners concerned due and leaves a line in the audit — all in one transaction. No act computes a result: that is
the plan's business alone.
"""
