"""Every error that a user can meet, in one tree.

AnnotatorError
├── ImportFormatError     a pair file is not what it should be (names file, line, field, value, remedy)
├── CodebookError         a codebook file is not what it should be
├── StudyError            a study file cannot be used
│   ├── NotAStudyError        no SQLite file, or not one of ours
│   ├── NewerStudyError       written by a newer version of this program
│   ├── ReadOnlyStudyError    reading works, writing does not
│   └── StudyLockedError      another program held the file for too long
├── QueueError            a rater's queue cannot be drawn or opened
├── LabelNotSavedError    a label could not be committed; it is still in memory
├── JudgeSetupError       a judge cannot start (no key, no limit, unknown kind)
├── JudgeRunStoppedError  a judge run had to stop; what was answered is kept
└── ExportError           an export could not be written

Only `annotator.cli.main` and the screens catch `AnnotatorError`. A judge that fails on one pair is no error: that is
a `Judgement` with another state than `ok`, a value.
"""


class AnnotatorError(Exception):
    """Base of all errors whose message is meant for the user as it stands."""


class ImportFormatError(AnnotatorError):
    """A pair file, a line or a field of it cannot be read."""


class CodebookError(AnnotatorError):
    """A codebook file cannot be used."""


class StudyError(AnnotatorError):
    """A study file cannot be used."""


class NotAStudyError(StudyError):
    """The file is absent, no SQLite database, or no study."""


class NewerStudyError(StudyError):
    """The study was written by a newer version of this program."""


class ReadOnlyStudyError(StudyError):
    """The study can be read but not written."""


class StudyLockedError(StudyError):
    """Another program kept the study locked for longer than the time-out."""


class QueueError(AnnotatorError):
    """A rater's queue cannot be drawn or opened as asked."""


class LabelNotSavedError(AnnotatorError):
    """A label could not be committed."""


class JudgeSetupError(AnnotatorError):
    """A judge cannot start."""


class JudgeRunStoppedError(AnnotatorError):
    """A judge run had to stop before its end."""


class ExportError(AnnotatorError):
    """An export could not be written."""
