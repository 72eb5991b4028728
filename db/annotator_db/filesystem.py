"""What the disk under a study can do: write-ahead logging needs shared memory, which network file systems lack."""

import os
import stat
from pathlib import Path
from typing import Final

_NETWORK_TYPES: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "9p",
        "fuse.sshfs",
        "fuse.s3fs",
        "gpfs",
    }
)


def network_type(path: Path) -> str | None:
    """Return the type of the network file system that holds `path`, or None for a local disk or where it is unknown."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    place = str(path.resolve())
    best, best_type = "", None
    for line in mounts:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mount_point = fields[1].replace("\\040", " ")
        inside = place == mount_point or place.startswith(mount_point.rstrip("/") + "/")
        if inside and len(mount_point) >= len(best):
            best, best_type = mount_point, fields[2]
    return best_type if best_type in _NETWORK_TYPES else None


def is_writable(path: Path) -> bool:
    """Say whether the file, and the folder that its log must live in, are meant to be written.

    The permission bits are asked too: to the superuser every file is writable, also one that somebody protected.
    """
    return all(
        os.access(place, os.W_OK) and place.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
        for place in (path, path.resolve().parent)
    )
