"""Container with host rights: acts of a principal in an hour."""

from __future__ import annotations

from vedette.features.cloud_act_evidence import CloudActs
from vedette.model import Severity


class ContainerEscape(CloudActs):
    """Commands are run in containers of a cluster, or containers started that reach their host.

    What is normal: deployments start containers that see nothing of their host; agents for logs and networks do, and are started once by
    those who run the cluster. What is hostile: a privileged container, the host's disk, processes or network inside of one, a shell in a
    running container, a look at all secrets, a request without a name.

    A rule with a baseline: the acts are tables (``content/cloud/containers.yaml``), read with the object that was asked for, where the
    audit policy logs it (level Request or RequestResponse).

    Known false positives:
        - agents for storage, networks, logs and security, which need the host
        - developers who look into a container that misbehaves
        - operators that list secrets as their work: they are told apart after some days

    Blind spots:
        - a policy that logs no request bodies (level Metadata): then only shells, secrets and strangers show
        - what happens inside of a container
        - an escape through a weakness of the kernel
    """

    name = "container_escape"
    title = "Container with host rights"
    topic = "containers"
    techniques = ("T1609", "T1610", "T1611", "T1552.007", "T1613")
    severity = Severity.HIGH
