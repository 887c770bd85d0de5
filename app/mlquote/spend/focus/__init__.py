"""A bill as FOCUS has it, the open specification of bills: a charge a meter, in the columns of a version."""
