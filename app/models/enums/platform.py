"""Lists of imports, jobs and synchronisation."""

from app.models.enums.choice import Choice


class ImportMode(Choice):
    """What an import may do."""

    CREATE_ONLY = "CREATE_ONLY", "Make new records."
    CREATE_AND_UPDATE = "CREATE_AND_UPDATE", "Make new records and change known ones."
    UPDATE_ONLY = "UPDATE_ONLY", "Change known records."


class ErrorPolicy(Choice):
    """What becomes of an import with faulty rows."""

    REJECT_EVERYTHING = "REJECT_EVERYTHING", "Nothing is loaded."
    REJECT_FAILED_ROWS = "REJECT_FAILED_ROWS", "Faulty rows are left out."
    IGNORE_FAILED = "IGNORE_FAILED", "Faulty values are left out."


class TombstoneReason(Choice):
    """Why a record is no longer sent."""

    DELETED = "DELETED", "It was deleted."
    MERGED = "MERGED", "It became part of another."
    ERASED = "ERASED", "It was erased for good."
    OUT_OF_SCOPE = "OUT_OF_SCOPE", "It left the receiver's view."


class JobStatus(Choice):
    """Where a job stands."""

    QUEUED = "QUEUED", "Waits."
    RUNNING = "RUNNING", "Runs."
    SUCCEEDED = "SUCCEEDED", "Ended well."
    FAILED = "FAILED", "Ended badly."
    CANCELED = "CANCELED", "Called off."
