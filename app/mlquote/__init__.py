"""mlquote: what does this model cost, in dollars, energy and carbon, and in J(theta)?"""
