"""Thousands of videos on a cluster: what there is, what is known of it already, who does the rest."""
