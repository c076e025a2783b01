"""Who, what, how much, and is it dangerous? Orders of online shops through the four gates of the WCO's hackathon.

The lines of one importer on one day go in, and come out with daily total, HS code, duty and flags, each with a reason
code, the rule and its inputs. Every figure is a rule of the game, in ``rules.toml`` and the tables beside it; none is
law of any place. Source: WCO hackathon 2026, brief "Customs Agility in a Complex World", version 1, 23 January 2026.
"""
