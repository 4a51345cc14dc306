"""What is said to a person about a mistake, in the language asked for.

Each language has a file with one sentence for each reason; a test holds that none lacks one.
"""

from app.services.messages.languages import ENGLISH, LANGUAGES, language_of
from app.services.messages.wording import message

__all__ = ["ENGLISH", "LANGUAGES", "language_of", "message"]
