"""Signs of an intruder in what one process does to another: memory that is read, threads that are put in.

Over the text of ``process_access``: ``what`` (open, inject, tamper), ``source``, ``target``, ``rights`` (words for the bits of the mask), ``trace``
(of calls), ``start`` (where a thread begins), ``user``, each with ``FIELD`` behind it.

Sources: ATT&CK T1003.001, T1055; Microsoft's "Process security and access rights"; the manual of Sysmon 15 (events 8, 10, 25).
Strengths are nats.
"""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.command_run import WRITABLE
from vedette.features.sign import FIELD, Sign

SECRETS, INJECTED = "Memory of the logon service read", "Code put into another program"
_X = rf"[^{FIELD}]"
_LSASS = rf"target={_X}*\\lsass\.exe{FIELD}"
_USUAL = (
    rf"source={_X}*\\(?:windows\\system32\\(?:svchost|csrss|wininit|lsm|services|smss|winlogon|lsass|wbem\\wmiprvse|taskhostw?|msiexec|werfault|"
    rf"spoolsv|dllhost|mrt|lsaiso|sihost|logonui|rdrleakdiag_none)|msmpeng|mssense|sense\w*|nissrv|vmtoolsd|vboxservice|sysmon(?:64)?|ossec-agent|"
    rf"gc_worker|googleupdate|microsoftedgeupdate|healthservice|monitoringhost|wazuh-agent|csfalcon\w*|sentinel\w*|cb|"
    rf"mbamservice|avp|ekrn|tiworker|amazon-ssm-agent|ssm-agent-worker)\.exe{FIELD}"
)
_UNKNOWN = rf"trace={_X}*unknown"

SIGNS: tuple[Sign, ...] = (
    Sign("lsass_read", SECRETS, "the memory of lsass is read", ("lsass.exe",), rf"^what=open{FIELD}.*{_LSASS}rights={_X}*(?:read|all|clone)", 6, ("T1003.001",), _USUAL),
    Sign("lsass_read_unknown", SECRETS, "by code that belongs to no file", ("lsass.exe",), rf"^what=open{FIELD}.*{_LSASS}rights={_X}*(?:read|all|clone).*{_UNKNOWN}", 5, ("T1003.001",), rf"source={_X}*\\(?:msmpeng|mssense|csfalcon\w*|sentinel\w*)\.exe"),
    Sign("lsass_dump", SECRETS, "through the library that writes memory to files", ("lsass.exe",), rf"^what=open{FIELD}.*{_LSASS}.*trace={_X}*\\(?:dbghelp|dbgcore|comsvcs)\.dll", 6, ("T1003.001",), rf"source={_X}*\\(?:werfault|werfaultsecure)\.exe"),
    Sign("lsass_by_user_program", SECRETS, "by a program of a folder that any user may write to, or a shell", ("lsass.exe",), rf"^what=open{FIELD}source=(?:{_X}*{WRITABLE}|{_X}*\\(?:powershell|pwsh|rundll32|regsvr32|mshta|wscript|cscript|cmd|taskmgr|procdump\w*|werfault)\.exe).*{_LSASS}", 4, ("T1003.001",), rf"source={_X}*\\werfault\.exe{FIELD}.*rights={FIELD}"),
    Sign("lsass_any", SECRETS, "lsass is opened", ("lsass.exe",), rf"^what=open{FIELD}.*{_LSASS}", 2, ("T1003.001",), _USUAL),
    Sign("write_unknown", INJECTED, "another program's memory is written by code that belongs to no file", ("unknown",), rf"^what=open{FIELD}.*rights={_X}*(?:write|all).*{_UNKNOWN}", 6, ("T1055",), rf"source={_X}*\\(?:msmpeng|mssense|csfalcon\w*|chrome|msedge|firefox|teams|devenv|java|dotnet|vmtoolsd|msbuild|explorer|svchost|searchprotocolhost|sihost|runtimebroker|code|slack|onedrive\w*|mscorsvw|ngentask|w3wp)\.exe|source=(?P<same>{_X}*){FIELD}target={_X}*\\(?:conhost|werfault)\.exe"),
    Sign("shell_opens", INJECTED, "a shell opens a program of the system to write to it", ("powershell", "pwsh", "mshta", "rundll32", "regsvr32", "wscript", "cscript", "winword", "excel"), rf"^what=open{FIELD}source={_X}*\\(?:powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|winword|excel|powerpnt|installutil|msbuild)\.exe{FIELD}target={_X}*\\(?:winlogon|spoolsv|explorer|svchost|notepad|werfault|dllhost|services|csrss|smss|lsass)\.exe{FIELD}rights={_X}*(?:write|all)", 5, ("T1055", "T1134"), r"explorer\.exe\x1frights=[^\x1f]*query\x1f"),
    Sign("token_stolen", INJECTED, "a program of a user takes the rights of one of the system", ("winlogon.exe", "services.exe", "spoolsv.exe", "unknown"), rf"^what=open{FIELD}source=(?:{_X}*{WRITABLE}|{_X}*\\(?:powershell|pwsh|cmd|rundll32)\.exe).*target={_X}*\\(?:winlogon|services|spoolsv|wininit|smss|csrss|trustedinstaller)\.exe{FIELD}rights={_X}*(?:query|all|parent)", 6, ("T1134.001", "T1134"),),
    Sign("thread_lsass", SECRETS, "a thread is put into lsass", ("lsass.exe",), rf"^what=inject{FIELD}.*{_LSASS}", 9, ("T1003.001", "T1055"), rf"source={_X}*\\windows\\system32\\(?:csrss|wininit|svchost)\.exe"),
    Sign("thread", INJECTED, "a thread is put into another program", ("what=inject",), rf"^what=inject{FIELD}", 4, ("T1055",), rf"source={_X}*\\windows\\system32\\(?:csrss|wininit|winlogon|services|svchost|smss|wbem\\wmiprvse|lsass|werfault|dwm|audiodg|taskmgr)\.exe|source={_X}*\\(?:msmpeng|vmtoolsd|vboxtray|chrome|msedge|firefox|nvcontainer|devenv|msvsmon|procexp\w*|ngen|googleupdate|vsjitdebugger|windbg|x64dbg|csfalcon\w*)\.exe|source=system{FIELD}"),
    Sign("thread_library", INJECTED, "the thread loads a library", ("loadlibrary", "ldrloaddll"), rf"^what=inject{FIELD}.*start={_X}*(?:loadlibrary|ldrloaddll)", 5, ("T1055.001",)),
    Sign("thread_nowhere", INJECTED, "the thread begins in code that belongs to no file", ("what=inject",), rf"^what=inject{FIELD}.*start=(?:-|unknown)?\s?(?:-)?{FIELD}", 3, ("T1055",), rf"source={_X}*\\windows\\system32\\(?:csrss|wininit|winlogon|services|svchost|smss|wbem\\wmiprvse|lsass|werfault|dwm|audiodg)\.exe"),
    Sign("thread_by_user_program", INJECTED, "by a program of a folder that any user may write to, or a shell", ("what=inject",), rf"^what=inject{FIELD}source=(?:{_X}*{WRITABLE}|{_X}*\\(?:powershell|pwsh|rundll32|regsvr32|mshta|wscript|cscript|winword|excel|mavinject\d*|installutil|msbuild|tracker|notepad|werfault|spoolsv|explorer|cmd)\.exe)", 3, ("T1055",), rf"source={_X}*\\explorer\.exe{FIELD}target={_X}*\\explorer\.exe"),
    Sign("tampered", INJECTED, "a program's image was replaced in memory", ("what=tamper",), rf"^what=tamper{FIELD}", 7, ("T1055.012", "T1055.013"), rf"target={_X}*\\(?:chrome|msedge|firefox|brave|opera|setup|iexplore|onedrive\w*|teams|wordpad|code|slack|discord|microsoftedge\w*|googleupdate|\w*update\w*|\w*setup\w*|\w*install\w*)\.exe|what=tamper{FIELD}source={_X}*{FIELD}target=<"),
    Sign("thread_vault", SECRETS, "a thread is put into a program that keeps passwords", ("keepass", "1password", "bitwarden", "lastpass", "dashlane"), rf"^what=inject{FIELD}.*target={_X}*(?:keepass\w*|1password|bitwarden|lastpass|dashlane)\.exe", 6, ("T1555.005",)),
    Sign("guard_halted", INJECTED, "a program of a user may halt another that guards the host", ("rights=",), rf"^what=open{FIELD}source=(?:{_X}*{WRITABLE}|{_X}*\\(?:powershell|pwsh|cmd|rundll32)\.exe).*target={_X}*\\(?:msmpeng|sysmon\w*|mssense|csfalcon\w*|sentinel\w*|svchost|winlogon|lsass){_X}*{FIELD}rights={_X}*suspend", 6, ("T1562.001",)),
)  # fmt: skip
