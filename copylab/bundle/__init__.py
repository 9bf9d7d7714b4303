"""One file that holds a whole workspace, for services that send.

``pack`` makes the bytes of it, ``open_bundle`` reads them: no YAML is read, and what a
message needs is made at its first use. Nothing in such a file is ever run: it holds
texts, numbers and the names of a closed list of classes. A pickle would run whatever
its writer put into it.
"""

from copylab.bundle.archive import is_bundle
from copylab.bundle.build import pack
from copylab.bundle.read import Bundle, open_bundle

__all__ = ["Bundle", "is_bundle", "open_bundle", "pack"]
