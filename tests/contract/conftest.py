from tests.access.conftest import _files_stay as _files_stay
from tests.access.conftest import filled as filled
from tests.access.conftest import people as people
from tests.access.conftest import theirs as theirs
from tests.api.conftest import _own_files as _own_files
