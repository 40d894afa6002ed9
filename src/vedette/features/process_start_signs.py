"""Signs of an intruder in which program starts which, from where, and as whom.

Over the text of ``process_start``: ``image``, ``parent``, ``user``, ``integrity``, ``own`` (the name that the program was built under), ``company``,
``line`` (of the command), ``by`` (the parent's command), each with ``FIELD`` behind it.

Sources: ATT&CK (T1036, T1204.002, T1047, T1021, T1505.003, T1548.002, T1546, T1569.002, T1134), "Hunt evil" (SANS, the usual parents of
programs of the system), LOLBAS. Strengths are nats.
"""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.sign import FIELD, Sign

OFFICE, SERVER, REMOTE, RIGHTS, DISGUISE, HANDED, PLACE = (
    "Program started by a document",
    "Program started by a server",
    "Program started from another host",
    "Rights raised",
    "Program in disguise",
    "Program started by a program that never does",
    "Program in an odd place",
)

_X = rf"[^{FIELD}]"
_SHELL = r"(?:cmd|powershell|pwsh|powershell_ise|wscript|cscript|mshta|bash|wsl)"
_TOOL = r"(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|certutil|bitsadmin|wmic|schtasks|net1?|reg|sc|msbuild|installutil|cmstp|msiexec|curl|whoami|nltest|forfiles|odbcconf|regasm|msxsl|hh|svchost|mavinject|control|conhost)"
_ODD = r"(?:\\users\\|\\programdata\\|\\windows\\temp\\|\\perflogs\\|\\temp\\|\$recycle\.bin|\\windows\\tasks\\|\\windows\\debug\\|\\windows\\tracing\\)"


def _pair(
    name: str,
    kind: str,
    said: str,
    parent: str,
    image: str,
    strength: int,
    *techniques: str,
    unless: str = "",
    hints: tuple[str, ...] = ("parent=",),
) -> Sign:
    """Return a sign of a program (last part of its path) that another starts."""
    return Sign(
        name, kind, said, hints, rf"^image={_X}*{image}{FIELD}parent={_X}*{parent}{FIELD}", strength, techniques, unless
    )


def _any(
    name: str,
    kind: str,
    said: str,
    hints: tuple[str, ...],
    pattern: str,
    strength: int,
    *techniques: str,
    unless: str = "",
) -> Sign:
    return Sign(name, kind, said, hints, pattern, strength, techniques, unless)


SIGNS: tuple[Sign, ...] = (
    _pair("office_child", OFFICE, "Office starts a shell or a program of the system that runs foreign code", r"\\(?:winword|excel|powerpnt|outlook|msaccess|mspub|visio|onenote|onenotem|eqnedt32|wordpad)\.exe", rf"\\{_TOOL}\.exe", 9, "T1204.002", "T1566.001", "T1059", hints=("winword", "excel", "powerpnt", "outlook", "msaccess", "mspub", "visio", "onenote", "eqnedt32", "wordpad"), unless=rf"image={_X}*\\(?:rundll32|control|msiexec)\.exe.*parent={_X}*\\(?:outlook|excel|winword)\.exe.*line={_X}*(?:printui|shell32|\.cpl|ndfapi)"),
    _pair("office_program", OFFICE, "Office starts a program of a folder that any user may write to", r"\\(?:winword|excel|powerpnt|msaccess|mspub|eqnedt32)\.exe", rf"{_ODD}{_X}*\.(?:exe|scr|com)", 7, "T1204.002", hints=("winword", "excel", "powerpnt", "msaccess", "mspub", "eqnedt32"), unless=r"\\(?:microsoft\\(?:edge|teams|onedrive)|google\\chrome|mozilla)"),
    _pair("reader_child", OFFICE, "a reader, an unpacker or a browser starts a script host", r"\\(?:acrord32|acrobat|foxitreader|winrar|7zfm|7zg|chrome|msedge|firefox|iexplore|microsoftedge\w*|hh)\.exe", r"\\(?:powershell|wscript|cscript|mshta|rundll32|regsvr32|certutil|bitsadmin|cmd|wmic)\.exe", 6, "T1204.002", "T1059", hints=("acrord32", "acrobat", "foxit", "winrar", "7zfm", "7zg", "chrome", "msedge", "firefox", "iexplore", "microsoftedge", "hh.exe"), unless=r"native.?messag|chrome-extension|line=[^\x1f]*(?:inetcpl|shell32|davclnt|printui|url\.dll)|edgehtml|iedkcs32|ieframe\.dll\W+#?(?:open|\d)"),
    _pair("web_server_child", SERVER, "a web server starts a shell", r"\\(?:w3wp|httpd|nginx|php-cgi|php|tomcat\d*|caddy|umworkerprocess|ws_tomcatservice|apache)\.exe", rf"\\{_TOOL}\.exe", 9, "T1505.003", "T1190", hints=("w3wp", "httpd", "nginx", "php", "tomcat", "caddy", "umworker", "apache"), unless=rf"image={_X}*\\conhost\.exe"),
    _pair("database_child", SERVER, "a database starts a shell", r"\\(?:sqlservr|mysqld|oracle|postgres|sqlagent)\.exe", r"\\(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|certutil|bitsadmin|whoami|net1?)\.exe", 9, "T1059.003", "T1190", "T1505.001", hints=("sqlservr", "mysqld", "oracle", "postgres", "sqlagent")),
    _pair("wmi_child", REMOTE, "WMI starts a shell or a program of the system that runs foreign code", r"\\wmiprvse\.exe", rf"\\{_TOOL}\.exe", 7, "T1047", "T1021.003", hints=("wmiprvse",), unless=rf"image={_X}*\\(?:conhost|msiexec|svchost)\.exe|line={_X}*(?:\\ccm\\|\\microsoft monitoring agent\\|sccm|intune|-file c:\\program files)"),
    _pair("wmi_program", REMOTE, "WMI starts a program", r"\\wmiprvse\.exe", r"\.exe", 4, "T1047", hints=("wmiprvse",), unless=r"\\(?:werfault|conhost|wmiadap|msiexec|scrcons|svchost|mofcomp|wmiapsrv|unsecapp)\.exe"),
    _pair("consumer_child", REMOTE, "a subscription of WMI starts a program", r"\\scrcons\.exe", r"\.exe", 9, "T1546.003", hints=("scrcons",)),
    _pair("remote_shell_child", REMOTE, "Windows Remote Management starts a program", r"\\(?:wsmprovhost|winrshost)\.exe", r"\.exe", 6, "T1021.006", hints=("wsmprovhost", "winrshost"), unless=r"\\(?:conhost|werfault|csc)\.exe"),
    _pair("service_tool_child", REMOTE, "a tool for remote commands starts a program", r"\\(?:psexesvc|paexec\S*|remcomsvc|winexesvc|csexecsvc)\.exe", r"\.exe", 8, "T1569.002", "T1021.002", hints=("psexesvc", "paexec", "remcom", "winexesvc", "csexec")),
    _any("service_tool", REMOTE, "the program that tools for remote commands leave", ("psexesvc", "remcomsvc", "winexesvc", "csexecsvc", "paexec-"), rf"^image={_X}*\\(?:psexesvc|remcomsvc|winexesvc|csexecsvc|paexec-{_X}*)\.exe{FIELD}", 7, "T1569.002", "T1021.002"),
    _pair("service_shell", REMOTE, "the service control manager starts a shell", r"\\services\.exe", r"\\(?:cmd|powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32)\.exe", 8, "T1543.003", "T1569.002", hints=("services.exe",)),
    _pair("service_odd", PLACE, "a service whose program stands in a folder that any user may write to, or in the Windows folder itself", r"\\services\.exe", rf"(?:{_ODD}{_X}*|[a-z]:\\windows\\[^\\{FIELD}]+|[a-z]:\\[^\\{FIELD}]+)\.exe", 7, "T1543.003", "T1569.002", hints=("services.exe",), unless=r"\\microsoft\\windows defender\\|\\windows\\sysmon(?:64|64a)?\.exe|image=c:\\windows\\(?:servicing|ccm)"),
    _pair("dcom_child", REMOTE, "a component that other hosts can call starts a shell", r"\\(?:mmc|dllhost|explorer|excel|winword|outlook|visio)\.exe", r"\\(?:cmd|powershell|mshta|rundll32|regsvr32|wscript|cscript|certutil)\.exe", 6, "T1021.003", "T1559.001", hints=("-embedding",), unless=r"parent=[^\x1f]*\\dllhost\.exe"),
    _pair("mmc_child", REMOTE, "the management console starts a shell", r"\\mmc\.exe", rf"\\{_SHELL}\.exe", 6, "T1021.003", "T1548.002", hints=("mmc.exe",)),
    _pair("surrogate_child", RIGHTS, "a component with raised rights starts a shell", r"\\dllhost\.exe", r"\\(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript)\.exe", 7, "T1548.002", "T1559.001", hints=("dllhost",)),
    _pair("surrogate_known", RIGHTS, "a component that raises rights without asking starts a program", rf"\\dllhost\.exe{FIELD}.*by={_X}*/processid:\{{(?:3e5fc7f9-9a51-4367-9063-a120244fbec7|e9495b87-d950-4ab5-87a5-ff6d70bf3e90|d2e7041b-2927-42fb-8e9f-7ce93b6dc937|3ad05575-8857-4850-9277-11b85bdb8e09|bdb57ff2-79b9-4205-9447-f5fe85f37312|4d111e08-cbf7-4f12-a926-2c7920af52fc|a6bfea43-501f-456f-a845-983d3ad7b8f0)\}}{_X}*", r"\.exe", 9, "T1548.002", hints=("processid:",)),
    _pair("task_child", HANDED, "the scheduler starts a shell", rf"\\(?:taskeng|svchost)\.exe{FIELD}.*by={_X}*(?:schedule|taskeng){_X}*", r"\\(?:powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|cmd|certutil|bitsadmin)\.exe", 3, "T1053.005", hints=("schedule", "taskeng"), unless=r"line=[^\x1f]*(?:c:\\windows\\system32\\[\w.]+\.dll|\\program files|silentcleanup|startupscan|invagent|pcasvc|generaltel|/d acproxy)"),
    _pair("task_odd", PLACE, "the scheduler starts a program of a folder that any user may write to", rf"\\(?:taskeng|svchost)\.exe{FIELD}.*by={_X}*(?:schedule|taskeng){_X}*", rf"{_ODD}{_X}*\.exe", 4, "T1053.005", hints=("schedule", "taskeng"), unless=r"onedrive|\\(?:google|mozilla|microsoft|adobe|zoom|dropbox|slack|discord|chocolatey|opera|brave\w*)\\"),
    _pair("uac_child", RIGHTS, "a program that has raised rights without asking starts another", r"\\(?:fodhelper|computerdefaults|sdclt|eventvwr|wsreset|slui|changepk|compmgmtlauncher|sysprep|cliconfg|migwiz|inetmgr|msconfig|tpminit|systemreset|iscsicli|pkgmgr|dism|optionalfeatures|winsat|hdwwiz|rrinstaller|netplwiz|mcx2prov|systempropertiesadvanced|systempropertiesperformance|systemsettingsadminflows|perfmon|oobe\w*|wusa|mschedexe|taskhost|infdefaultinstall|bthudtask|cttunesvr|fxsunatd|isoburn|lpksetup|ntprint|printui|recdisc|rekeywiz|setupsqm|tcmsetup|cmstp|consent)\.exe", r"(?:\\(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|notepad|calc|mmc|control|conhost|whoami|net1?|reg|schtasks)|\\users\\[^\x1f]*|\\programdata\\[^\x1f]*|\\temp\\[^\x1f]*)\.exe", 7, "T1548.002", hints=("integrity=high", "integrity=system"), unless=r"image=[^\x1f]*\\conhost\.exe[^\x1f]*\x1fparent=[^\x1f]*\\(?:dism|wusa|pkgmgr)\.exe|image=[^\x1f]*\\mmc\.exe[^\x1f]*\x1fparent=[^\x1f]*\\(?:eventvwr|compmgmtlauncher|perfmon)\.exe[^\x1f]*\x1f.*line=[^\x1f]*(?:eventvwr|compmgmt|perfmon)\.msc|parent=[^\x1f]*\\consent\.exe"),
    _pair("uac_odd_child", RIGHTS, "a program that raises rights without asking starts what it never starts", r"\\(?:fodhelper|computerdefaults|sdclt|wsreset|slui|changepk|eventvwr)\.exe", r"\.exe", 5, "T1548.002", hints=("fodhelper", "computerdefaults", "sdclt", "wsreset", "slui", "changepk", "eventvwr"), unless=r"image=[^\x1f]*\\(?:mmc|werfault|conhost|sdclt|changepk|systemsettings|wsreset|winstore\.app|control)\.exe"),
    _pair("installer_task", RIGHTS, "the disk clean-up that runs with raised rights starts a shell", r"\\svchost\.exe", r"\\(?:cmd|powershell)\.exe", 7, "T1548.002", hints=("cleanmgr",), unless=r"line=[^\x1f]*cleanmgr\.exe /autoclean /d c:\x1f"),
    _pair("helper_child", RIGHTS, "a helper of the logon screen starts a shell", r"\\(?:utilman|sethc|osk|magnify|narrator|displayswitch|atbroker|logonui)\.exe", r"\\(?:cmd|powershell|taskmgr|explorer|mmc|regedit|mshta|net1?)\.exe", 10, "T1546.008", hints=("utilman", "sethc", "osk.exe", "magnify", "narrator", "displayswitch", "atbroker", "logonui")),
    _pair("logon_child", RIGHTS, "the logon process starts a shell", r"\\winlogon\.exe", r"\\(?:cmd|powershell|taskmgr|rundll32|mshta|sethc|wscript)\.exe", 6, "T1546.008", "T1134", hints=("winlogon.exe",), unless=r"image=[^\x1f]*\\(?:sethc|taskmgr)\.exe.*line=[^\x1f]*\b(?:211|/\d)\b"),
    _pair("spooler_child", SERVER, "the printer service starts a shell", r"\\spoolsv\.exe", rf"(?:\\(?:cmd|powershell|rundll32|net1?|whoami|mshta|certutil|regsvr32|wscript|cscript)|{_ODD}{_X}*)\.exe", 8, "T1068", "T1547.012", hints=("spoolsv",), unless=r"line=[^\x1f]*printui\.dll"),
    _pair("lsass_child", HANDED, "the logon service starts a program", r"\\(?:lsass|csrss|smss|wininit|fontdrvhost|dwm)\.exe", rf"\\(?:{_SHELL}|rundll32|regsvr32|whoami|net1?)\.exe", 9, "T1055", "T1068", hints=("lsass", "csrss", "smss", "wininit", "fontdrvhost", "dwm.exe")),
    _pair("lolbin_child", HANDED, "a program of the system that runs foreign code starts a shell", r"\\(?:mshta|regsvr32|rundll32|wscript|cscript|installutil|msbuild|regasm|regsvcs|cmstp|odbcconf|hh|msdt|sdiagnhost|certutil|bitsadmin|wmic|msxsl|forfiles|pcalua|control|mavinject|presentationhost|dfsvc|msiexec|ieexec|syncappvpublishingserver|xwizard|at|ftp)\.exe", r"\\(?:cmd|powershell|pwsh|mshta|wscript|cscript|certutil|bitsadmin|regsvr32|rundll32|whoami|net1?|notepad|calc|msbuild|schtasks|reg)\.exe", 5, "T1218", "T1059", hints=("mshta.exe", "regsvr32.exe", "rundll32.exe", "wscript.exe", "cscript.exe", "installutil", "msbuild", "regasm", "regsvcs", "cmstp", "odbcconf", "hh.exe", "msdt", "sdiagnhost", "certutil", "bitsadmin", "wmic", "msxsl", "forfiles", "pcalua", "control.exe", "presentationhost", "ieexec", "xwizard", "ftp.exe", "\\at.exe"), unless=r"parent=[^\x1f]*\\(?:msbuild|msiexec)\.exe[^\x1f]*\x1f.*line=[^\x1f]*(?:\\program files|\.nuget|\\visual studio|obj\\|bin\\|\.cmd\"|\.bat\")|image=[^\x1f]*\\(?:rundll32|regsvr32|msiexec)\.exe\x1fparent=[^\x1f]*\\(?:msiexec|rundll32|regsvr32)\.exe|line=[^\x1f]*\\(?:program files|windows\\ccm)"),
    _pair("scriptlet_chain", HANDED, "a script page starts a shell", r"\\(?:mshta|hh|msdt|sdiagnhost|cmstp|odbcconf|msxsl|presentationhost|xwizard|ftp|at)\.exe", r"\\(?:cmd|powershell|pwsh|wscript|cscript|certutil|bitsadmin|regsvr32|rundll32|notepad|calc|whoami)\.exe", 3, "T1218.005", "T1059", hints=("mshta", "hh.exe", "msdt", "sdiagnhost", "cmstp", "odbcconf", "msxsl", "presentationhost", "xwizard", "ftp.exe", "\\at.exe")),
    _any("wrong_place", DISGUISE, "a program is called as one of the system's, and stands elsewhere", ("svchost.exe", "lsass.exe", "services.exe", "csrss.exe", "smss.exe", "wininit.exe", "winlogon.exe", "taskhostw.exe", "taskhost.exe", "spoolsv.exe", "explorer.exe", "conhost.exe", "dllhost.exe", "dwm.exe", "rundll32.exe", "userinit.exe", "searchindexer.exe", "runtimebroker.exe", "wmiprvse.exe", "lsm.exe", "sihost.exe", "werfault.exe"), rf"^image={_X}*\\(?:svchost|lsass|services|csrss|smss|wininit|winlogon|taskhostw|taskhost|spoolsv|explorer|conhost|dllhost|dwm|rundll32|userinit|searchindexer|runtimebroker|wmiprvse|lsm|sihost|werfault)\.exe{FIELD}", 9, "T1036.005", unless=r"^image=(?:[a-z]:|\\\?\?\\[a-z]:|%systemroot%|\\systemroot|\\device\\\w+)?\\?(?:winnt|windows)\\(?:system32|syswow64|winsxs|explorer\.exe|sysnative|servicing|softwaredistribution|uus|\$windows\.~bt|wbem)|^image=[a-z]:\\\$windows|^image=\x1f|^image=[^\\\x1f]+\x1f"),
    _any("wrong_parent", DISGUISE, "a program of the system is started by another than it always is", ("svchost.exe", "lsass.exe", "services.exe", "wininit.exe", "taskhostw.exe", "csrss.exe", "lsm.exe"), rf"^image={_X}*\\(?:svchost\.exe{FIELD}parent={_X}+\\(?:[^\\{FIELD}]+)|(?:lsass|services|lsm)\.exe{FIELD}parent={_X}+\\(?:[^\\{FIELD}]+)){FIELD}", 6, "T1036.005", "T1055.012", unless=r"parent=[^\x1f]*\\(?:services|wininit|msmpeng|svchost|smss|rpcnet|mrt|ngen|tiworker|winlogon|vmtoolsd)\.exe\x1f"),
    _any("bare_service_host", DISGUISE, "the host of services without a service", ("svchost.exe",), rf"^image={_X}*\\svchost\.exe{FIELD}.*line=\"?{_X}*svchost(?:\.exe)?\"?\s?{FIELD}", 7, "T1055.012", "T1036.005", unless=r"line=\x1f"),
    _any("look_alike", DISGUISE, "a program is called almost as one of the system's", ("scvhost", "svch0st", "svchosts", "svhost", "lsasss", "lsas.", "1sass", "expl0rer", "iexplorer", "explorer32", "csrs.", "winlogin", "taskh0st", "rundl132", "rundll.exe", "conh0st", "spoolsvc", "svchost32"), rf"^image={_X}*\\(?:scvhost|svch0st|svchosts|svhosts?|lsasss|lsas|1sass|expl0rer|iexplorer|explorer32|csrs|winlogin|taskh0st|rundl132|rundll|conh0st|spoolsvc|svchost32)\.exe{FIELD}", 8, "T1036.005"),
    _any("renamed", DISGUISE, "a known program goes by another name", ("own=powershell", "own=cmd.exe", "own=pwsh", "own=rundll32", "own=regsvr32", "own=mshta", "own=certutil", "own=wscript", "own=cscript", "own=psexec", "own=procdump", "own=msbuild", "own=wmic", "own=reg.exe", "own=net.exe", "own=net1.exe", "own=cmstp", "own=bitsadmin", "own=nc.exe", "own=7z", "own=rar", "own=winrar", "own=mimikatz", "own=adexplorer", "own=installutil", "own=schtasks", "own=autoit"), rf"^image={_X}*\\([^\\{FIELD}]+){FIELD}.*own=(?:powershell|cmd|pwsh|rundll32|regsvr32|mshta|certutil|wscript|cscript|psexec|procdump|msbuild|wmic|reg|net1?|cmstp|bitsadmin|nc|mimikatz|installutil|schtasks|autoit3?)\.(?:exe|c|dll|mui|exe\.mui){FIELD}", 8, "T1036.003", unless=rf"^image={_X}*\\(?:powershell|cmd|pwsh|rundll32|regsvr32|mshta|certutil|wscript|cscript|psexec(?:64|svc)?|procdump(?:64)?|msbuild|wmic|reg|net1?|cmstp|bitsadmin|nc|installutil|schtasks|autoit3?|powershell_ise)\.exe{FIELD}"),
    _any("attack_program", DISGUISE, "the program says itself that it is an attack tool", ("mimikatz", "gentilkiwi", "rubeus", "sharphound", "safetykatz", "seatbelt", "lazagne", "metasploit", "cobalt", "juicypotato", "printspoofer", "uacme", "akagi", "kekeo", "impacket", "chisel", "winpeas"), rf"(?:image={_X}*\\(?:mimikatz|rubeus|sharphound|safetykatz|seatbelt|lazagne|juicypotato|rottenpotato|printspoofer|akagi\w*|kekeo|winpeas\w*|chisel)\.exe|own=(?:mimikatz|rubeus|sharphound|safetykatz|seatbelt|kekeo)\.exe|company=gentilkiwi)", 9, "T1588.002", "T1003"),
    _any("system_odd_place", RIGHTS, "a program of a folder that any user may write to runs as the system", ("user=system", "integrity=system"), rf"^image={_X}*{_ODD}{_X}*{FIELD}.*(?:user=system|integrity=system)", 6, "T1068", "T1543.003", unless=r"\\programdata\\(?:microsoft|package cache|chocolatey|dell|hp|lenovo|nvidia|docker|amazon|intel)\\|\\windows\\temp\\(?:\{|is-|_msi|dism|[0-9a-f-]{36})|\\(?:chrome|edge)\w*_installer|\\mpsigstub|\\am_delta|\\temp\\[^\x1f]*\\(?:setup|dismhost|mpsigstub)\.exe|\\windows\\temp\\[^\\\x1f]+\.tmp\\"),
    _any("system_shell", RIGHTS, "a shell runs as the system under a program of a folder that any user may write to", ("user=system", "integrity=system"), rf"^image={_X}*\\(?:cmd|powershell|pwsh|whoami|conhost)\.exe{FIELD}parent={_X}*{_ODD}{_X}*{FIELD}.*(?:user=system|integrity=system)", 8, "T1068", "T1134", unless=r"\\programdata\\(?:microsoft|chocolatey|amazon|docker)\\|\\windows\\temp\\[^\x1f]*(?:setup|install|update)"),
    _any("service_account_shell", RIGHTS, "the account of a service runs a shell", ("user=network service", "user=local service", "apppool", "user=iusr", "nt service"), rf"^image={_X}*\\(?:cmd|powershell|pwsh|whoami|net1?|mshta|rundll32|certutil|nltest|systeminfo|ipconfig)\.exe{FIELD}.*(?:user=(?:network service|local service|iusr|defaultapppool)|apppool)", 6, "T1059", "T1190", "T1134.001", unless=r"line=[^\x1f]*\\(?:program files|windows\\ccm|microsoft monitoring)|rundll32\.exe\"? (?:c:\\windows\\system32\\)?(?:wininet|shell32|ndfapi|davclnt|fthsvc)"),
    _any("who_as_system", RIGHTS, "the system asks who it is", ("whoami.exe",), rf"^image={_X}*\\whoami\.exe{FIELD}.*(?:user=system|integrity=system)", 7, "T1033", "T1068"),
    _any("public_program", PLACE, "a program of a public or temporary folder of the system is started", ("\\users\\public\\", "\\perflogs\\", "\\windows\\temp\\", "\\windows\\tasks\\", "\\windows\\debug\\", "\\windows\\tracing\\", "recycle.bin", "image=c:\\temp\\", "\\windows\\fonts\\", "\\windows\\help\\", "\\windows\\addins\\", "\\windows\\media\\", "\\music\\", "\\pictures\\", "\\videos\\", "\\start menu\\programs\\startup\\"), rf"^image=(?:{_X}*(?:\\users\\public|\\perflogs|\\windows\\temp|\\windows\\tasks|\\windows\\debug|\\windows\\tracing|\$recycle\.bin|\\windows\\(?:fonts|help|addins|media)|\\users\\[^\\{FIELD}]+\\(?:music|pictures|videos)|start menu\\programs\\startup)|[a-z]:\\temp)\\{_X}*\.(?:exe|com|scr|pif){FIELD}", 5, "T1204.002", "T1036", unless=r"\\windows\\temp\\(?:\{|is-|_msi|dism|[0-9a-f-]{36}|[^\\\x1f]+\.tmp\\|[^\x1f]*(?:setup|install|update)[^\x1f]*\.exe)|\\ctxhlpr"),
    _any("share_program", REMOTE, "a program of another host, or of the client's drive, is started", ("image=\\\\", "tsclient"), rf"^image=(?:\\\\[^?.{FIELD}\\]+\\|{_X}*\\tsclient\\)", 6, "T1021.002", "T1570", "T1021.001", unless=r"\\(?:netlogon|sysvol)\\"),
    _any("ending", DISGUISE, "a program without the name of one", ("image=",), rf"^image={_X}*\.(?:txt|jpg|png|gif|dat|log|pdf|docx?|xlsx?|zip|tmp){FIELD}", 5, "T1036.008", unless=r"\.tmp\x1f.*(?:is-|line=[^\x1f]*/sl5)|\\(?:is-|_msi|nsi|nst)[^\x1f]*\.tmp|installer\\msi\w+\.tmp|\\ns\w+\.tmp"),
    _pair("odd_child", PLACE, "a program of a folder that any user may write to starts a shell", rf"(?:\\users\\[^\\{FIELD}]+\\(?:appdata\\local\\temp|downloads|desktop|documents|music|pictures|videos)|\\users\\public|\\perflogs|\\windows\\temp|\\windows\\tasks|[a-z]:\\temp|[a-z]:\\programdata)\\[^\\{FIELD}]+\.(?:exe|scr|com)", r"\\(?:cmd|powershell|pwsh|whoami|net1?|mshta|rundll32|reg|schtasks|nltest|certutil)\.exe", 4, "T1204.002", "T1059", unless=r"setup|install|update"),
    _any("crash_of_lsass", HANDED, "the logon service crashes", ("werfault",), rf"^image={_X}*\\werfault\w*\.exe{FIELD}parent={_X}*\\lsass\.exe", 6, "T1003.001"),
    _any("raised_user_program", RIGHTS, "a user's program starts with the rights of the system", ("integrity=system",), rf"^image={_X}*{FIELD}parent={_X}*\\users\\{_X}*{FIELD}.*integrity=system", 6, "T1134", "T1068", unless=r"\\(?:microsoft\\(?:onedrive|teams|edge)|google)\\|setup|install"),
)  # fmt: skip
