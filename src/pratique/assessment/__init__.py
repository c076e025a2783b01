"""What is owed, by whom, by which rule? One parcel with its trace, or many in columns."""

from pratique.assessment.assess import assess
from pratique.assessment.columnar import BatchAssessment, assess_batch

__all__ = ["BatchAssessment", "assess", "assess_batch"]
