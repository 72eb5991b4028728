"""Human gold for chain-of-thought faithfulness: pairs in, judge pre-labels, people label, gold out."""

__version__ = "0.1.0"
