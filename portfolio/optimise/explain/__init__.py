"""Why a plan is as it is: each answer is proven by a rule or by another solve, and says so where it is not."""
