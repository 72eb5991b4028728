"""The values that everything else speaks of: pairs, codebooks, labels, judgements. Standard library only."""
