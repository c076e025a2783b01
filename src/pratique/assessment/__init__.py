"""What is owed, by whom, by which rule? One parcel with its trace, or many in columns."""

from pratique.assessment.assess import assess
from pratique.assessment.columnar import (
    BatchAssessment,
    Part,
    assess_batch,
    assess_parts,
)

__all__ = ["BatchAssessment", "Part", "assess", "assess_batch", "assess_parts"]
