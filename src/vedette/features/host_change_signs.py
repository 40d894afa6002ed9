"""Signs of an intruder in what changes on a Windows host: registry, files, pipes, libraries, drivers, services, tasks, WMI, shares.

Over the text of ``host_change``: ``what``, ``object``, ``name``, ``data``, ``by`` (the program), ``user``, each with ``FIELD`` behind it.

Sources: ATT&CK (T1547, T1546, T1543, T1053, T1548.002, T1112, T1562, T1003, T1021.002, T1574, T1505.003), Microsoft's documents of the keys
named, the manuals of Sysmon 15 and of the tools named. Strengths are nats.
"""

# ruff: noqa: E501 - a pattern is read as a whole

from __future__ import annotations

from vedette.features.command_run import WRITABLE
from vedette.features.sign import FIELD, Sign

STAYS, RIGHTS, BLINDS, CREDENTIALS, DROPS, LATERAL, INJECTS, HIDES, TUNNEL, ASKED = (
    "Persistence set up",
    "Way to higher rights opened",
    "Defence changed",
    "Credentials within reach",
    "Program dropped",
    "Program brought by the network",
    "Foreign library loaded",
    "Traces hidden",
    "Connection of a program that makes none",
    "Accounts asked for",
)

_X = rf"[^{FIELD}]"
_RUNNER = r"(?:powershell|pwsh|cmd(?:\.exe)?[\"']?\s+/|mshta|rundll32|regsvr32|wscript|cscript|certutil|bitsadmin|https?:|%comspec%|javascript:|vbscript:|echo\s)"
_PROGRAM = r"\.(?:exe|dll|scr|com|pif|bat|cmd|ps1|vbs|vbe|js|jse|hta|wsf|sct|cpl|lnk|sys|url)"
_OFFICE = r"(?:winword|excel|powerpnt|outlook|msaccess|mspub|visio|onenote|eqnedt32|wordpad)\.exe"
_HOSTS = r"(?:mshta|wscript|cscript|regsvr32|rundll32|certutil|msdt|hh|cmstp|installutil|msbuild|regasm|wmic|bitsadmin|msxsl|odbcconf)\.exe"
_SHELL = r"(?:powershell|pwsh|cmd|powershell_ise)\.exe"


def _registry(  # noqa: PLR0913 - the columns of a table
    name: str,
    kind: str,
    said: str,
    hints: tuple[str, ...],
    key: str,
    strength: int,
    *techniques: str,
    data: str = "",
    unless: str = "",
) -> Sign:
    """Return a sign of a registry value: pattern over key and name, and, where given, over its data."""
    wanted = rf"what=registry{FIELD}object=.*" + key + (rf".*data={_X}*{data}" if data else "")
    return Sign(name, kind, said, hints, wanted, strength, techniques, unless)


def _file(  # noqa: PLR0913 - the columns of a table
    name: str,
    kind: str,
    said: str,
    hints: tuple[str, ...],
    path: str,
    strength: int,
    *techniques: str,
    by: str = "",
    unless: str = "",
) -> Sign:
    """Return a sign of a file: pattern over its path, and, where given, over the program that made it."""
    wanted = rf"what=file{FIELD}object={_X}*" + path + (rf".*by={_X}*{by}" if by else "")
    return Sign(name, kind, said, hints, wanted, strength, techniques, unless)


def _module(  # noqa: PLR0913 - the columns of a table
    name: str,
    kind: str,
    said: str,
    hints: tuple[str, ...],
    path: str,
    strength: int,
    *techniques: str,
    by: str = "",
    data: str = "",
    unless: str = "",
) -> Sign:
    """Return a sign of a library that a program loads."""
    wanted = (
        rf"what=module{FIELD}object={_X}*"
        + path
        + (rf".*data={_X}*{data}" if data else "")
        + (rf".*by={_X}*{by}" if by else "")
    )
    return Sign(name, kind, said, hints, wanted, strength, techniques, unless)


def _other(  # noqa: PLR0913, PLR0917 - the columns of a table
    what: str,
    name: str,
    kind: str,
    said: str,
    hints: tuple[str, ...],
    pattern: str,
    strength: int,
    *techniques: str,
    unless: str = "",
) -> Sign:
    return Sign(name, kind, said, hints, rf"what={what}{FIELD}object=" + pattern, strength, techniques, unless)


_PROGRAMS = (".exe", ".dll", ".js", ".vbs", ".hta", ".ps1", ".bat", ".cmd", ".scr", ".wsf", ".lnk", ".xsl", ".sct")
_END = rf"[\\{FIELD}]"
_ON, _OFF = r"(?:dword \()?(?:0x)?0*1\b", rf"(?:dword \()?(?:0x)?0+(?:\)|{FIELD})"

REGISTRY_SIGNS: tuple[Sign, ...] = (
    _registry("run_key", STAYS, "a program is to start at every logon (Run key)", ("currentversion\\run", "policies\\explorer\\run"), r"currentversion\\(?:policies\\explorer\\)?run(?:once(?:ex)?|services)?" + _END, 3, "T1547.001", unless=rf"by={_X}*\\(?:msiexec|onedrivesetup|onedrive|teams|update|setup)\.exe"),
    _registry("run_key_hostile", STAYS, "what is to start at every logon is a script, or stands in a folder that any user may write to", ("currentversion\\run", "policies\\explorer\\run"), r"currentversion\\(?:policies\\explorer\\)?run(?:once(?:ex)?|services)?" + _END, 6, "T1547.001", data="(?:" + _RUNNER + "|" + WRITABLE + ")", unless=r"\\(?:onedrive|teams|slack|discord|zoom)\\|msiexec\.exe"),
    _registry("winlogon", STAYS, "what Windows starts at logon is changed (Winlogon)", ("\\winlogon",), rf"\\winlogon(?:\\notify\\{_X}*)?{FIELD}name=(?:shell|userinit|notify|taskman|gpextensions|dllname|vmapplet){FIELD}", 9, "T1547.004", unless=rf"data=(?:explorer\.exe|c:\\windows\\system32\\userinit\.exe,?|systempropertiesperformance\.exe /pagefile){FIELD}"),
    _registry("debugger", STAYS, "another program starts in place of the one asked for (Image File Execution Options)", ("image file execution options", "silentprocessexit"), rf"(?:image file execution options|silentprocessexit)\\{_X}*{FIELD}name=(?:debugger|monitorprocess|verifierdlls){FIELD}", 9, "T1546.012"),
    _registry("debugger_logon", STAYS, "a helper of the logon screen starts another program", ("sethc", "utilman", "osk.exe", "magnify", "narrator", "displayswitch", "atbroker"), rf"image file execution options\\(?:sethc|utilman|osk|magnify|narrator|displayswitch|atbroker)\.exe{FIELD}name=debugger", 6, "T1546.008"),
    _registry("loaded_everywhere", STAYS, "a library is to be loaded by many programs", ("appinit_dlls", "appcertdlls", "cor_profiler"), rf"(?:name=appinit_dlls{FIELD}data=[^{FIELD}]|appcertdlls|cor_profiler)", 9, "T1546.010", "T1574.012", unless=rf"data=(?:\(empty\))?{FIELD}"),
    _registry("lsa_package", STAYS, "a library is to be loaded by the logon service", ("security packages", "notification packages", "authentication packages", "\\lsa\\osconfig", "lsadbextpt", "directoryserviceextpt"), rf"\\(?:control\\lsa|services\\ntds)(?:\\osconfig)?{FIELD}name=(?:(?:security|notification|authentication) packages|lsadbextpt|directoryserviceextpt)", 9, "T1547.005", "T1556.002"),
    _registry("other_provider", STAYS, "a library is to be loaded by a service of the system", ("print\\monitors", "timeproviders", "netsh", "networkprovider", "natural", "portmonitor", "credential provider", "\\active setup\\", "serverlevelplugindll", "shellserviceobjectdelayload", "print\\environments"), rf"(?:print\\monitors\\|timeproviders\\|\\microsoft\\netsh{FIELD}|networkprovider{FIELD}name=dll|authentication\\credential providers\\|active setup\\installed components\\{_X}*{FIELD}name=stubpath|serverlevelplugindll|shellserviceobjectdelayload)", 7, "T1547.010", "T1547.014", unless=rf"data={_X}*c:\\(?:windows\\system32|program files)|by={_X}*\\(?:spoolsv|svchost|msiexec|tiworker|trustedinstaller)\.exe"),
    _registry("print_driver", RIGHTS, "a printer driver takes its library from another host, or from where any user may write", ("print\\environments",), rf"print\\environments\\{_X}*{FIELD}name=(?:data file|configuration file|driver|dependent files){FIELD}", 7, "T1547.012", "T1068", data=r"(?:\\\\[^\\]|\\users\\|\\temp\\|[a-z]:\\programdata\\)"),
    _registry("com_user", STAYS, "a component is replaced for this user alone (COM)", ("inprocserver32", "localserver32", "treatas", "scriptleturl", "typelib"), rf"(?:hku\\s-1-5-21|hkcu|_classes\\){_X}*(?:clsid|typelib)\\{_X}*(?:inprocserver32|localserver32|treatas|scriptleturl|win(?:32|64)){FIELD}", 7, "T1546.015", unless=rf"data={_X}*\\(?:onedrive|teams|microsoft\\edge|google\\(?:update|chrome)|windowsapps|dropbox|zoom)\\|by={_X}*\\(?:msiexec|onedrive\w*|teams|filesyncconfig)\.exe"),
    _registry("uac_key", RIGHTS, "the key by which rights are raised without asking (UAC)", ("ms-settings", "mscfile", "exefile\\shell", "folder\\shell\\open", "app paths\\control.exe", "delegateexecute", "launcher.systemsettings", "\\environment", "isolatedcommand", "appx82a6gwre4fdg3bt635tn5ctqjf8msdd2", "0a29ff9e-7f9c-4437-8b11-f424491e3931"), rf"(?:(?:ms-settings|mscfile|exefile|folder|launcher\.systemsettings|appx82a6gwre4fdg3bt635tn5ctqjf8msdd2)\\(?:shell|curver)|app paths\\control\.exe|0a29ff9e-7f9c-4437-8b11-f424491e3931)|what=registry{FIELD}object=(?:hku|hkcu){_X}*\\environment{FIELD}name=(?:windir|systemroot){FIELD}", 9, "T1548.002", unless=rf"what=registry{FIELD}object=(?:hklm|hkcr)\\"),
    _registry("uac_off", RIGHTS, "asking before rights are raised is switched off", ("enablelua", "consentpromptbehavioradmin", "promptonsecuredesktop"), rf"name=(?:enablelua|consentpromptbehavioradmin|promptonsecuredesktop){FIELD}", 8, "T1548.002", "T1112", data=_OFF),
    _registry("remote_admin", BLINDS, "remote use of local administrators, or without their password, is let in", ("localaccounttokenfilterpolicy", "disablerestrictedadmin", "nullsessionpipes"), rf"name=(?:localaccounttokenfilterpolicy{FIELD}data={_ON}|disablerestrictedadmin{FIELD}data={_OFF}|nullsessionpipes{FIELD}data=[^{FIELD}])", 8, "T1112", "T1550.002"),
    _registry("clear_passwords", CREDENTIALS, "passwords are to be kept readable in memory (WDigest)", ("uselogoncredential", "runasppl"), rf"name=(?:uselogoncredential{FIELD}data={_ON}|runasppl{FIELD}data={_OFF})", 11, "T1112", "T1003.001"),
    _registry("defender", BLINDS, "Windows Defender is switched off or told to look away", ("windows defender", "disableantispyware", "disablerealtimemonitoring"), rf"windows defender.*(?:name=disable\w+{FIELD}data={_ON}|\\exclusions\\)|name=(?:disableantispyware|disablerealtimemonitoring|disableantivirus){FIELD}data={_ON}", 9, "T1562.001"),
    _registry("safeguard", BLINDS, "a safeguard of the system is switched off", ("amsienable", "enablefirewall", "vulnerabledriverblocklist", "smartscreen", "enablevirtualizationbasedsecurity", "lmcompatibilitylevel", "disabletaskmgr", "disableregistrytools", "vbawarnings", "accessvbom", "protectedview"), rf"name=(?:(?:amsienable|enablefirewall|vulnerabledriverblocklistenable|enablesmartscreen|enablevirtualizationbasedsecurity){FIELD}data={_OFF}|(?:vbawarnings|accessvbom|disabletaskmgr|disableregistrytools|disable\w+inpv){FIELD}data={_ON}|lmcompatibilitylevel{FIELD}data=(?:dword \()?(?:0x)?0*[012]\b)", 8, "T1112", "T1562.001"),
    _registry("logging_off", BLINDS, "logging is switched off", ("autologger", "eventlog", "minint", "scriptblocklogging", "winevt\\channels", "modulelogging", "complus_etw", "transcription"), rf"(?:autologger\\{_X}*{FIELD}name=(?:start|enabled){FIELD}data={_OFF}|\\control\\minint|name=enable(?:scriptblocklogging|modulelogging|transcripting){FIELD}data={_OFF}|services\\eventlog\\{_X}*{FIELD}name=(?:start{FIELD}data=(?:dword \()?(?:0x)?0*4\b|file{FIELD})|name=complus_etwenabled)", 8, "T1562.002", "T1562.006", unless=rf"by={_X}*\\(?:svchost|wevtutil|services|tiworker|trustedinstaller)\.exe"),
    _registry("terminal", BLINDS, "remote desktop is let in or watched", ("terminal server", "rdp-tcp", "fdenytsconnections"), rf"(?:name=fdenytsconnections{FIELD}data={_OFF}|name=shadow{FIELD}data=|name=fsinglesessionperuser{FIELD}data={_OFF}|rdp-tcp{FIELD}name=(?:portnumber|initialprogram|securitylayer|userauthentication){FIELD})", 7, "T1021.001", "T1112", unless=rf"by={_X}*\\(?:svchost|systemsettings|systempropertiesremote)\.exe"),
    _registry("service_hostile", STAYS, "a service runs a script, or a program of a folder that any user may write to", ("\\services\\",), rf"\\services\\{_X}*{FIELD}name=(?:imagepath|servicedll|failurecommand){FIELD}", 8, "T1543.003", data="(?:" + _RUNNER + "|" + WRITABLE + r"|\\\\\.\\pipe\\|\\\\127\.0\.0\.1\\|\\\\[^\\\s]+\\(?:admin|c)\$)", unless=r"windows defender"),
    _registry("service_short", STAYS, "a service runs a program that stands in the Windows folder itself", ("\\services\\",), rf"\\services\\{_X}*{FIELD}name=imagepath{FIELD}data=\"?(?:%systemroot%|[a-z]:\\windows|\\systemroot)\\[^\\{FIELD}]+\.exe\"?\s?{FIELD}", 6, "T1543.003", "T1569.002"),
    _registry("service_by_program", STAYS, "a service is changed by another program than the one that keeps services", ("\\services\\",), rf"\\services\\{_X}*{FIELD}name=(?:imagepath|servicedll){FIELD}.*by=[^{FIELD}]+", 3, "T1543.003", unless=rf"by={_X}*\\(?:services|svchost|msiexec|tiworker|trustedinstaller|drvinst|msmpeng|setup\w*|poqexec|dismhost)\.exe|by=system{FIELD}"),
    _registry("service_off", BLINDS, "a service of security is kept from starting", ("\\services\\",), rf"\\services\\(?:windefend|wdfilter|wdnissvc|sense|sysmon\w*|mpssvc|wscsvc|securityhealthservice|eventlog|wuauserv|vss|sharedaccess|mbamservice|csagent|sentinel\w*){FIELD}name=start{FIELD}data=(?:dword \()?(?:0x)?0*4\b", 8, "T1562.001"),
    _registry("port_proxy", LATERAL, "connections are passed on to another host", ("portproxy",), rf"portproxy\\v4tov4\\tcp{FIELD}", 9, "T1090.001"),
    _registry("firewall_program", BLINDS, "the firewall lets in a program of a folder that any user may write to", ("firewallrules",), rf"firewallrules{FIELD}", 5, "T1562.004", data=rf"action=allow{_X}*" + WRITABLE, unless=r"\\(?:teams|zoom|onedrive|spotify|slack|discord)"),
    _registry("hidden_account", STAYS, "an account is hidden from the logon screen, or its name ends as a machine's", ("specialaccounts", "account\\users\\names"), rf"(?:specialaccounts\\userlist{FIELD}|account\\users\\names\\{_X}+\$(?:\\|{FIELD}))", 8, "T1564.002", "T1136.001"),
    _registry("stored_script", HIDES, "a script is kept in the registry", ("powershell", "frombase64", "invoke-expression", "iex", "javascript:", "vbscript:", "activexobject", "mshta", "wscript.shell"), rf"{_X}*{FIELD}name=", 6, "T1112", "T1027.011", data=rf"(?:javascript:|vbscript:|activexobject|wscript\.shell|frombase64string|invoke-expression|\biex\b|powershell(?:\.exe)?\s{_X}{{0,80}}-(?:e|enc|w|nop)\w*\s)"),
    _registry("logon_script", STAYS, "a logon script, or a screen saver, is to start a program", ("userinitmprlogonscript", "scrnsave.exe", "\\scripts\\logon"), rf"(?:name=userinitmprlogonscript{FIELD}|name=scrnsave\.exe{FIELD}data={_X}*(?:\\users\\|\\temp\\|\\programdata\\)|\\scripts\\(?:logon|startup)\\)", 8, "T1037.001", "T1546.002"),
    _registry("office_addin", STAYS, "Office is to load something when it starts", ("office test", "\\addins\\", "\\excel\\options", "\\word\\options", "outlook\\webview", "\\security\\trusted locations"), rf"(?:office test\\special\\perf|\\excel\\options{FIELD}name=open\d*{FIELD}|outlook\\webview\\{_X}*{FIELD}name=url)", 8, "T1137"),
    _registry("startup_folder_moved", STAYS, "the folder of programs that start at logon is another", ("shell folders",), rf"(?:user )?shell folders{FIELD}name=(?:common )?startup{FIELD}", 7, "T1547.001", unless=rf"data={_X}*start menu\\programs\\startup"),
    _registry("file_kind", STAYS, "what opens a kind of files is another program, for this user alone", ("\\shell\\open\\command",), rf"(?:hku\\s-1-5-21|hkcu){_X}*(?:txtfile|htmlfile|\.[a-z0-9]{{2,4}}|batfile|cmdfile|regfile)\\shell\\open\\command{FIELD}", 6, "T1546.001"),
    _registry("tool_terms", DROPS, "somebody agreed to the terms of a tool that works on other hosts or on memory", ("eulaaccepted",), rf"sysinternals\\(?:psexec|procdump|pskill|psservice|pslist|psloggedon|sdelete|psshutdown){FIELD}name=eulaaccepted", 5, "T1588.002", "T1569.002"),
    _registry("task_hidden", HIDES, "a scheduled task is hidden", ("taskcache\\tree",), rf"taskcache\\tree\\{_X}*{FIELD}name=(?:sd|index){FIELD}", 4, "T1053.005", "T1564", unless=rf"by={_X}*\\svchost\.exe"),
    _registry("client_drive", LATERAL, "an administrative share of another host was opened", ("mountpoints2",), rf"mountpoints2\\##{_X}*#(?:admin|[a-z]|ipc)\$", 5, "T1021.002"),
    _registry("root_certificate", BLINDS, "a root certificate is added", ("root\\certificates", "authroot"), rf"systemcertificates\\(?:root|ca)\\certificates\\{_X}*{FIELD}name=blob", 4, "T1553.004", unless=rf"by={_X}*\\(?:svchost|lsass|certutil|mmc|msiexec|tiworker|chrome|msedge|iexplore|firefox|explorer|consent|werfault|taskhostw)\.exe"),
    _registry("policy_of_scripts", BLINDS, "PowerShell may run any script, or its restricted language is lifted", ("executionpolicy", "pslockdownpolicy"), rf"name=(?:executionpolicy{FIELD}data=(?:unrestricted|bypass)|__pslockdownpolicy)", 7, "T1112", "T1059.001", "T1562.001"),
    _registry("lockdown_gone", BLINDS, "PowerShell's restricted language or its logging loses its key", ("pslockdownpolicy", "scriptblocklogging", "modulelogging"), rf"(?:__pslockdownpolicy|scriptblocklogging|modulelogging){FIELD}name={FIELD}", 6, "T1562.001", "T1112", unless=rf"by={_X}*\\(?:svchost|services)\.exe"),
    _registry("recent_gone", HIDES, "lists of what was run or opened are deleted", ("runmru", "recentdocs", "typedpaths", "opensavepidlmru", "terminal server client", "userassist", "typedurls"), rf"\\(?:runmru|recentdocs|typedpaths|opensavepidlmru|lastvisitedpidlmru|typedurls|userassist|terminal server client\\(?:default|servers)){_X}*{FIELD}name={FIELD}", 6, "T1070", "T1112", unless=rf"by={_X}*\\(?:explorer|svchost|runtimebroker|sihost|mstsc|iexplore|outlook|winword|excel)\.exe"),
    _registry("account_value", STAYS, "an account is changed in the registry itself", ("account\\users\\", "builtin\\aliases"), rf"\\sam\\(?:sam\\)?domains\\account\\users\\0000{_X}*{FIELD}name=[fv]{FIELD}", 7, "T1098", "T1078", "T1112", unless=rf"by={_X}*\\lsass\.exe"),
    _registry("account_made", STAYS, "an account is made on this host", ("account\\users\\names\\",), rf"\\sam\\(?:sam\\)?domains\\account\\users\\names\\[^\\{FIELD}]+", 3, "T1136.001"),
    _registry("admins_changed", STAYS, "who is an administrator of this host changes", ("builtin\\aliases\\",), rf"\\domains\\builtin\\aliases\\(?:members\\{_X}*|00000220|00000221)", 3, "T1098.007"),
    _registry("boot_program", STAYS, "a program is to start before Windows does", ("session manager",), rf"session manager{FIELD}name=(?:bootexecute|setupexecute|execute|s0initialcommand){FIELD}", 8, "T1547", unless=rf"data=(?:autocheck autochk \*|\(empty\)|binary data)?{FIELD}"),
    _registry("share_made", LATERAL, "a folder is shared", ("lanmanserver\\shares",), r"lanmanserver\\shares", 6, "T1021.002", "T1135", unless=r"shares\\security\x1fname=(?:print|admin|ipc)\$"),
    _registry("key_logger", CREDENTIALS, "a program of a folder that any user may write to reads the keyboard directly", ("directinput\\",), rf"directinput\\{_X}*{FIELD}name=(?:name|id){FIELD}data={_X}*\.exe", 5, "T1056.001", unless=r"steam|\\games?\\"),
    _registry("update_task", RIGHTS, "the update service is to run a command", ("uscheduler",), rf"orchestrator\\uscheduler\\{_X}*{FIELD}name=cmdline{FIELD}", 7, "T1068", "T1053"),
    _registry("link_key", RIGHTS, "a registry key is turned into a link", ("symboliclinkvalue",), rf"name=symboliclinkvalue{FIELD}", 7, "T1068"),
)  # fmt: skip

FILE_SIGNS: tuple[Sign, ...] = (
    _file("startup_file", STAYS, "a file is put into the folder of programs that start at logon", ("programs\\startup\\",), rf"start menu\\programs\\startup\\{_X}*{_PROGRAM}{FIELD}", 7, "T1547.001", unless=rf"by={_X}*\\(?:msiexec|setup|onenote\w*)\.exe"),
    _file("startup_remote", LATERAL, "through a remote desktop client's drive", ("programs\\startup\\",), r"programs\\startup\\", 6, "T1021.001", "T1547.001", by=r"\\mstsc\.exe"),
    _file("lsass_file", CREDENTIALS, "the memory of lsass in a file", ("lsass", "mimilsa", "kiwissp", "minidump"), rf"(?:lsass{_X}*\.(?:dmp|zip|mdmp|rar|bin)|\\mimilsa\.log|\\kiwissp\.log|\\lsass\.)", 9, "T1003.001", unless=rf"object=c:\\windows\\(?:system32|winsxs|prefetch)\\{_X}*lsass\.(?:exe|dll|mui|exe\.mui)|\.pf{FIELD}"),
    _file("memory_file", CREDENTIALS, "a program's memory is written to a file", (".dmp",), rf"\.dmp{FIELD}", 6, "T1003.001", by=r"\\(?:taskmgr|rundll32|procdump\w*|powershell|sqldumper|rdrleakdiag|processhacker|procexp\w*)\.exe", unless=r"\\crashdumps\\|\\wer\\"),
    _file("account_store", CREDENTIALS, "a copy of the store of accounts", ("ntds.dit", "\\sam", "\\security", "\\system", ".kirbi", ".ccache"), rf"(?:ntds\.dit{FIELD}|(?:\\users\\|\\temp\\|\\programdata\\|\\perflogs\\|[a-z]:\\){_X}*\\?(?:sam|security|system)(?:\.(?:hive|sav|save|bak|reg|hiv|dat))?{FIELD}|\.kirbi{FIELD}|\.ccache{FIELD})", 9, "T1003.002", "T1003.003", unless=r"object=c:\\windows\\(?:ntds|system32|winsxs)\\|\\(?:security|system|sam)\\"),
    _file("web_shell", STAYS, "a page that runs on the server is put into a web folder", ("wwwroot", "htdocs", "webapps", "httpproxy", "www\\"), rf"(?:wwwroot|htdocs|webapps|frontend\\httpproxy|\\www)\\{_X}*\.(?:aspx?|ashx|asmx|php\d?|phtml|jspx?|war|cfm|cer){FIELD}", 6, "T1505.003"),
    _file("web_shell_by_server", STAYS, "by the web server itself", ("wwwroot", "htdocs", "webapps", "httpproxy", "www\\"), rf"\.(?:aspx?|ashx|asmx|php\d?|phtml|jspx?|war|cfm){FIELD}", 6, "T1505.003", by=r"\\(?:w3wp|httpd|nginx|tomcat\d*|php-cgi|java|umworkerprocess|sqlservr)\.exe"),
    _file("office_start", STAYS, "a file is put where Office loads it when it starts", ("\\startup\\", "xlstart", "\\addins\\"), rf"\\microsoft\\(?:word\\startup|excel\\xlstart|addins|outlook\\vbaproject)\\?{_X}*\.(?:dotm|xlam|xlsb|xla|wll|xll|ppam|otm|dot|xlsm){FIELD}", 7, "T1137.001"),
    _file("office_drop", DROPS, "Office writes a program or a script", _PROGRAMS, rf"\.(?:exe|dll|jse?|vb[se]|hta|ps1|bat|cmd|scr|wsf|xsl|sct){FIELD}", 8, "T1204.002", "T1105", by=r"\\" + _OFFICE, unless=r"\\clicktorun|\\officeclicktorun|\\microsoft\\office\\"),
    _file("script_drop", DROPS, "a script host or a program of the system writes a program", _PROGRAMS, rf"\.(?:exe|dll|jse?|vb[se]|hta|ps1|bat|cmd|scr|sct){FIELD}", 7, "T1105", "T1218", by=r"\\" + _HOSTS, unless=r"\\assembly\\|\\installer\\|\\obj\\|\\bin\\|microsoft\.net"),
    _file("shell_drop", DROPS, "a shell writes a program to a folder that any user may write to", (".exe", ".dll", ".scr", ".hta", ".vbs", ".js"), WRITABLE + rf"{_X}*\.(?:exe|dll|scr|hta|vbs|jse?){FIELD}", 5, "T1105", by=r"\\" + _SHELL, unless=r"\\(?:chocolatey|nuget|pip|npm|winget)\\|\\windowspowershell\\modules"),
    _file("plain_drop", DROPS, "a program is written to a public or temporary folder of the system", (".exe", ".dll", ".scr", ".sys", ".bat", ".vbs", ".ps1"), rf"(?:\\users\\public|\\windows\\temp|\\perflogs|\\windows\\tasks|\\windows\\debug|\\windows\\tracing|\$recycle\.bin|[a-z]:\\temp)\\{_X}*\.(?:exe|scr|bat|vbs|sys){FIELD}", 3, "T1105", unless=rf"by={_X}*\\(?:msiexec|svchost|trustedinstaller|tiworker|msmpeng|mpsigstub|wuauclt|setup\w*)\.exe"),
    _file("system_folder", RIGHTS, "a library or program is put into the system's folder by a shell, or by a program that any user may write", ("\\system32\\", "\\syswow64\\", "\\sysprep\\", "\\wbem\\"), rf"\\windows\\(?:system32|syswow64|sysprep)\\(?:sysprep\\|wbem\\|migwiz\\)?[^\\{FIELD}]+\.(?:exe|dll|sys){FIELD}", 7, "T1574.001", "T1548.002", by=rf"(?:\\(?:powershell|cmd|rundll32|dllhost|explorer|wusa|xcopy|robocopy|esentutl|makecab|expand)\.exe|\\users\\{_X}*\.exe|\\temp\\{_X}*\.exe|\\programdata\\{_X}*\.exe)"),
    _file("mock_folder", RIGHTS, "a folder that is called like the system's but for a blank", ("\\windows \\",), r"[a-z]:\\windows \\", 10, "T1548.002", "T1036.005"),
    _file("task_file", STAYS, "a scheduled task is written by another program than the scheduler", ("\\system32\\tasks\\", "\\windows\\tasks\\"), rf"\\windows\\(?:system32\\tasks\\|tasks\\{_X}*\.job)", 6, "T1053.005", unless=rf"by={_X}*\\(?:svchost|tiworker|trustedinstaller|setup\w*)\.exe"),
    _file("task_file_any", STAYS, "a scheduled task is written", ("\\system32\\tasks\\",), r"\\windows\\system32\\tasks\\(?:[^\\\x1f]+)\x1f", 3, "T1053.005", unless=r"tasks\\(?:microsoft|google|adobe|mozilla|onedrive|user_feed|microsoftedge|nvtm|optimize)"),
    _file("service_tool", LATERAL, "the program that tools for remote commands leave", ("psexesvc", "paexec", "remcom", "winexesvc", "csexec", "xcmdsvc", "\\execute.bat", "\\windows\\__"), rf"\\windows\\(?:psexesvc|paexec-\w|remcomsvc|winexesvc|csexecsvc|xcmdsvc)|\\windows\\(?:temp\\)?execute\.bat{FIELD}|\\windows\\__\d", 9, "T1569.002", "T1021.002"),
    _file("system_drop", LATERAL, "a program is written by the kernel itself, as files that come by a share are", _PROGRAMS, rf"{_X}*\.(?:exe|dll|bat|ps1|vbs|scr|hta|lnk|sct){FIELD}.*by=system{FIELD}", 7, "T1021.002", "T1570", unless=r"\\system volume information\\|\\winsxs\\|\\softwaredistribution\\"),
    _file("attack_file", DROPS, "a file that a known attack tool makes", ("bloodhound", "mimikatz", "mimidrv", "sharphound", "lazagne", "rubeus", "powerview", "powercat", "winpeas", "procdump", "nanodump"), rf"\\(?:[^\\{FIELD}]*bloodhound[^\\{FIELD}]*|mimikatz|mimidrv|mimilib|sharphound|lazagne|rubeus|powerview|powercat|winpeas\w*|nanodump|safetykatz)[^\\{FIELD}]*\.\w{{2,4}}{FIELD}", 8, "T1588.002", "T1003"),
    _file("hidden_stream", HIDES, "a program in another stream of a file", (":",), rf"\.\w{{1,5}}:[^:\\{FIELD}]{{1,60}}\.(?:exe|dll|vbs|ps1|js|hta|bat|txt){FIELD}", 7, "T1564.004", unless=r":zone\.identifier"),
    _file("double_ending", DROPS, "a program is called like a document", (".pdf.", ".doc.", ".docx.", ".xls.", ".xlsx.", ".jpg.", ".png.", ".txt.", ".mp4."), rf"\.(?:pdf|docx?|xlsx?|jpe?g|png|txt|mp4)\s{{0,40}}\.(?:exe|scr|com|pif|vbs|js|hta|lnk|bat){FIELD}", 7, "T1036.007"),
    _file("times_changed", HIDES, "a program's time of creation is changed", (".exe", ".dll", ".sys", ".ps1", ".bat", ".docx", ".txt"), rf"\.(?:exe|dll|sys|ps1|bat|vbs){FIELD}name=2{FIELD}", 6, "T1070.006", unless=rf"by={_X}*\\(?:msiexec|tiworker|trustedinstaller|svchost|onedrive\w*|chrome|msedge|firefox|setup\w*|explorer|dismhost|robocopy|wuauclt|mpsigstub|7z\w*|winrar|git|update|code)\.exe|\\softwaredistribution\\"),
    _file("profile_script", STAYS, "PowerShell's profile is written", ("profile.ps1",), rf"\\(?:microsoft\.powershell_)?profile\.ps1{FIELD}", 7, "T1546.013"),
    _file("log_deleted", HIDES, "a record of what happened is deleted", (".evtx", "consolehost_history", ".pf"), rf"(?:\\winevt\\logs\\{_X}*\.evtx|consolehost_history\.txt){FIELD}name=2[36]{FIELD}", 8, "T1070.001", "T1070.003"),
    _file("mailed_script", DROPS, "a script comes by mail or browser", ("content.outlook", "inetcache", "downloads"), rf"(?:content\.outlook|inetcache|\\downloads)\\{_X}*\.(?:hta|jse?|vb[se]|wsf|iso|img|vhdx?|lnk|scr|chm|one|xll|ps1){FIELD}", 4, "T1566.001", "T1204.002"),
    _file("print_folder", RIGHTS, "a library is put where the printer service loads it", ("\\spool\\drivers\\",), rf"\\spool\\drivers\\(?:x64\\3\\(?:new|old)\\|color\\){_X}*\.(?:dll|exe){FIELD}", 7, "T1547.012", "T1068"),
)  # fmt: skip

_RENAMED_SHELL = r"(?:powershell(?:_ise)?|pwsh|wsmprovhost|sqlps|sdiagnhost|mscorsvw|svchost|dsac|mmc|ngen(?:task)?|tiworker|devenv|w3wp|microsoft\.\w+|winrshost|syncappvpublishingserver|runscripthelper|sqlservr|servermanager|code|monitoringhost|agentexecutor|ccmexec|dllhost|wbengine|updatenotificationmgr)"

OTHER_SIGNS: tuple[Sign, ...] = (
    _other("pipe", "tool_pipe", LATERAL, "the pipe of a tool for remote commands", ("psexesvc", "remcom", "paexec", "csexec", "winexesvc"), r"\\?(?:psexesvc|remcom_|paexec|csexec|winexesvc|ahexec)", 8, "T1569.002", "T1021.002"),
    _other("pipe", "frame_pipe", INJECTS, "the pipe of an attack framework", ("msagent_", "msse-", "postex_", "status_", "mojo.5688", "wkssvc", "win_svc", "ntsvcs", "dserviceipc", "interprocess_", "meterpreter"), rf"\\?(?:msagent_[0-9a-f]|msse-\d+-server|postex_(?:ssh_)?[0-9a-f]|status_[0-9a-f]{{2}}{FIELD}|mojo\.5688\.8052|dserviceipc\.|win_svc)", 9, "T1055", "T1559"),
    _other("pipe", "secret_pipe", CREDENTIALS, "the pipe of a tool that reads credentials", ("lsadump", "cachedump", "wceservice", "gsecdump", "lsarelayx", "kekeo"), r"\\?(?:lsadump|cachedump|wceservicepipe|gsecdump|lsarelayx|kekeo)", 9, "T1003"),
    _other("pipe", "potato_pipe", RIGHTS, "a pipe that lures a service of the system into lending its rights", ("\\pipe\\spoolss", "\\pipe\\srvsvc", "\\pipe\\epmapper", "rottenpotato", "juicy", "\\pipe\\lsarpc"), rf"{_X}*\\pipe\\(?:spoolss|srvsvc|epmapper|lsarpc)|\\?roguepotato|\\?coerced\\", 9, "T1134.001"),
    _other("pipe", "unmanaged_shell", INJECTS, "PowerShell runs within another program", ("pshost",), rf"\\?pshost\.{_X}*", 7, "T1059.001", unless=rf"pshost\.{_X}*\.{_RENAMED_SHELL}{FIELD}|by={_X}*\\{_RENAMED_SHELL}\.exe"),
    _other("pipe", "remote_service_pipe", LATERAL, "another host works the scheduler, the services or the registry of this one", ("svcctl", "atsvc", "winreg", "eventlog", "efsrpc", "samr", "lsarpc"), rf"\\?(?:svcctl|atsvc|winreg|efsrpc){FIELD}.*by=system{FIELD}", 6, "T1021.002", "T1569.002"),
    _module("shell_library", INJECTS, "PowerShell's library in another program", ("system.management.automation",), rf"system\.management\.automation(?:\.ni)?\.dll{FIELD}", 6, "T1059.001", unless=rf"by={_X}*\\{_RENAMED_SHELL}\.exe|by={_X}*\\program files"),
    _module("net_in_host", INJECTS, "the .NET runtime in a program that has no use for it", ("\\clr.dll", "mscoree", "mscorlib", "coreclr"), rf"\\(?:clr|mscoree|mscorlib(?:\.ni)?|mscoreei|coreclr)\.dll{FIELD}", 7, "T1620", "T1218", by=r"\\(?:regsvr32|rundll32|mshta|wscript|cscript|wmic|notepad|msxsl|cmstp|svchost|spoolsv|lsass|winlogon|calc|cmd|excel|winword|powerpnt|werfault|control|odbcconf)\.exe", unless=rf"by={_X}*\\(?:svchost|rundll32)\.exe.*user={_X}*(?:system|local service|network service)"),
    _module("script_in_host", INJECTS, "a script engine in a program that has no use for it", ("scrobj.dll", "jscript", "vbscript.dll"), rf"\\(?:scrobj|jscript\d?|vbscript)\.dll{FIELD}", 7, "T1218", "T1220", by=r"\\(?:regsvr32|rundll32|wmic|msbuild|msxsl|cmstp|odbcconf|installutil|certutil|pubprn|forfiles|sdiagnhost)\.exe"),
    _module("macro_work", INJECTS, "a document works the scheduler or WMI", ("taskschd.dll", "wbemdisp.dll", "wmiutils.dll", "wbemprox.dll", "fastprox.dll", "wbemcomn"), rf"\\(?:taskschd|wbemdisp|wmiutils|wbemprox|fastprox|wbemcomn)\.dll{FIELD}", 6, "T1053.005", "T1047", by=r"\\(?:winword|excel|powerpnt|msaccess|mspub|eqnedt32|mshta|regsvr32)\.exe"),
    _module("dump_library", CREDENTIALS, "the library that writes memory to files", ("dbghelp.dll", "dbgcore.dll", "comsvcs.dll"), rf"\\(?:dbghelp|dbgcore|comsvcs)\.dll{FIELD}", 4, "T1003.001", by=rf"(?:\\(?:rundll32|regsvr32|powershell|cmd|mshta|cscript|wscript)\.exe|\\users\\{_X}*\.exe|\\temp\\{_X}*\.exe|\\programdata\\{_X}*\.exe|\\(?:taskmgr|sqldumper)\.exe)", unless=r"\\appdata\\local\\(?:microsoft|google|programs|mozilla)\\|\\program files"),
    _module("secret_library", CREDENTIALS, "libraries that reach stored credentials, in a program of a folder that any user may write to", ("vaultcli.dll", "samlib.dll", "dpapi.dll", "cryptdll.dll", "ntdsapi.dll"), rf"\\(?:vaultcli|samlib|ntdsapi|cryptdll){_X}*\.dll{FIELD}", 5, "T1003", "T1555", by=rf"(?:\\users\\|\\temp\\|\\programdata\\|\\perflogs\\|[a-z]:\\[^\\{FIELD}]+\.exe|\\(?:powershell|rundll32|mshta|cscript|wscript|regsvr32)\.exe)", unless=r"\\appdata\\local\\(?:microsoft|google|programs|mozilla)\\"),
    _module("planted_library", INJECTS, "a program of the system loads an unsigned library from a folder that any user may write to", (".dll", ".tmp", ".ocx", ".cpl"), WRITABLE + rf"{_X}*{FIELD}", 6, "T1574.001", by=r"\\windows\\(?:system32|syswow64)\\", data="signed=false"),
    _module("planted_in_system", INJECTS, "a program of the system loads an unsigned library from the system's own folder", ("\\system32\\", "\\syswow64\\"), rf"\\windows\\(?:system32|syswow64|sysprep)\\{_X}*\.dll{FIELD}", 6, "T1574.001", "T1548.002", by=rf"\\windows\\(?:system32|syswow64)\\{_X}*\.exe", data="signed=false", unless=rf"\\assembly\\|microsoft\.net|\\drivers\\|by={_X}*\\(?:wmiprvse|msiexec|tiworker)\.exe|\\spool\\prtprocs"),
    _module("lsass_library", CREDENTIALS, "the logon service loads an unsigned library", (".dll",), rf"{_X}*{FIELD}", 9, "T1547.005", "T1556.002", by=r"\\lsass\.exe", data="signed=false"),
    _module("printer_library", RIGHTS, "the printer service loads an unsigned library", ("\\spool\\drivers\\",), r"\\spool\\drivers\\", 7, "T1547.012", "T1068", by=r"\\spoolsv\.exe", data="signed=false"),
    _module("share_library", INJECTS, "a library of another host is loaded", ("\\\\",), r"", 6, "T1574", "T1570", unless=r"object=[a-z]:|object=\\\\\?\\|object=\\(?:systemroot|device|windows|\?\?)"),
    _module("mock_library", RIGHTS, "from a folder that is called like the system's but for a blank", ("\\windows \\",), r"[a-z]:\\windows \\", 10, "T1548.002", "T1036.005"),
    _other("driver", "writable_driver", RIGHTS, "a driver from a folder that any user may write to", (".sys",), rf"{_X}*" + WRITABLE, 7, "T1068", "T1543.003"),
    _other("driver", "unsigned_driver", RIGHTS, "a driver without a valid signature", ("signed=false", "revoked", "expired", "unavailable"), rf"{_X}*.*data={_X}*(?:signed=false|revoked|expired)", 6, "T1543.003", "T1553.006"),
    _other("driver", "known_driver", RIGHTS, "a driver that attackers bring for its weakness", ("rtcore64", "dbutil", "gdrv", "capcom", "mimidrv", "procexp152", "kprocesshacker", "winring0", "iqvw64", "asrdrv", "zemana", "truesight", "aswarpot", "mhyprot", "rwdrv", "zam64", "elby", "physmem"), rf"{_X}*\\(?:rtcore64|dbutil_2_3|dbutildrv2|gdrv|capcom|mimidrv|kprocesshacker|winring0x64|iqvw64e?|asrdrv\d+|truesight|aswarpot|mhyprot\d?|rwdrv|zam64|elbycdio)\.sys", 7, "T1068", "T1562.001"),
    _other("service", "service_command", STAYS, "a service is set up that runs a script, or a program of a folder that any user may write to", ("cmd", "powershell", "comspec", "pipe", "rundll32", "mshta", "\\users\\", "\\temp\\", "\\programdata\\", "admin$", "127.0.0.1", "regsvr32", "perflogs"), rf"{_X}*{FIELD}name={_X}*{FIELD}data={_X}*(?:" + _RUNNER + "|" + WRITABLE + r"|\\\\\.\\pipe\\|\\\\127\.0\.0\.1\\|\\\\[^\\\s]+\\(?:admin|c)\$)", 8, "T1543.003", "T1569.002", unless=r"\\programdata\\microsoft\\windows defender|msmpeng"),
    _other("service", "service_tool_named", LATERAL, "the service of a tool for remote commands", ("psexesvc", "paexec", "remcom", "winexesvc", "csexec", "meterpreter", "btobto", "xcmd", "wce", "pwdump", "cachedump"), rf"{_X}*(?:psexesvc|paexec|remcom|winexesvc|csexecsvc|meterpreter|xcmdsvc|wceservice|pwdump|cachedump)", 9, "T1569.002", "T1021.002"),
    _other("service", "service_short_path", STAYS, "a service is set up whose program stands in the Windows folder itself", (".exe",), rf"{_X}*{FIELD}name={_X}*{FIELD}data=\"?(?:%systemroot%|[a-z]:\\windows|\\systemroot|\\\\[^\\]+\\admin\$)\\[^\\{FIELD}]+\.exe\"?\s?{FIELD}", 7, "T1543.003", "T1569.002"),
    _other("service", "service_new", STAYS, "a service is set up", ("what=service",), r"", 3, "T1543.003", unless=r"kernel|driver|windows defender|\\program files|\\windows\\system32\\driver|google|mozilla|edge"),
    _other("task", "task_command", STAYS, "a scheduled task is set up that runs a script, or a program of a folder that any user may write to", ("cmd", "powershell", "mshta", "rundll32", "regsvr32", "wscript", "cscript", "\\users\\", "\\temp\\", "\\programdata\\", "http", "perflogs", "%comspec%", "certutil", "bitsadmin"), rf"{_X}*{FIELD}name={_X}*{FIELD}data={_X}*(?:" + _RUNNER + "|" + WRITABLE + ")", 7, "T1053.005", unless=r"onedrive|\\microsoft\\windows\\"),
    _other("task", "task_output", LATERAL, "its output goes to a file as tools for remote commands do", ("\\temp\\",), rf"{_X}*>\s{{0,3}}(?:%windir%|c:\\windows)\\temp\\{_X}*\.tmp", 8, "T1053.005", "T1021.002"),
    _other("task", "task_new", STAYS, "a scheduled task is set up, changed or removed", ("what=task",), rf"\\?[^\\{FIELD}]+{FIELD}name=", 3, "T1053.005", unless=r"object=\\?(?:google|adobe|mozilla|onedrive|microsoftedge|user_feed|optimize|nvtm|createexplorershell)"),
    _other("wmi", "wmi_subscription", STAYS, "WMI is to start a program at an event", ("what=wmi",), "", 8, "T1546.003", unless=r"scm event log consumer|bvtconsumer|tsprovider|name=created\x1fdata=\x1f"),
    _other("share", "share_pipe", LATERAL, "another host works the services, the scheduler or the registry by a pipe", ("svcctl", "atsvc", "winreg", "efsrpc", "psexesvc", "remcom", "spoolss"), rf"{_X}*\\(?:svcctl|atsvc|winreg|efsrpc){FIELD}", 6, "T1021.002", "T1569.002"),
    _other("share", "share_tool", LATERAL, "the pipe of a tool for remote commands", ("psexesvc", "remcom", "paexec", "csexec"), rf"{_X}*\\(?:psexesvc|remcom_|paexec|csexec)", 8, "T1569.002", "T1021.002"),
    _other("share", "share_program", LATERAL, "a program is written to an administrative share", ("admin$", "c$"), rf"{_X}*\\(?:admin|[a-z])\$\\{_X}*\.(?:exe|dll|bat|ps1|vbs|scr|sys|tmp|hta|lnk){FIELD}", 6, "T1021.002", "T1570"),
    _other("share", "share_output", LATERAL, "output of remote commands in an administrative share", ("admin$", "c$"), rf"{_X}*\\(?:admin|c)\$\\(?:__\d|__output|windows\\temp\\[a-z]{{8}}\.tmp|temp\\[a-z]{{8}}\.tmp)", 9, "T1047", "T1021.002"),
    _other("share", "share_print", RIGHTS, "the printer service is asked from another host", ("spoolss",), rf"{_X}*\\spoolss{FIELD}", 6, "T1187", "T1210"),
    _other("share", "share_accounts", LATERAL, "another host asks for accounts and policies by a pipe", ("samr", "lsarpc", "srvsvc", "wkssvc", "netlogon"), rf"{_X}*\\(?:samr|lsarpc|srvsvc|wkssvc){FIELD}", 3, "T1087.002", "T1069.002", unless=rf"user={_X}*\$"),
    _other("share", "share_policy", CREDENTIALS, "files of policies that may hold passwords are read", ("groups.xml", "scheduledtasks.xml", "services.xml", "datasources.xml"), rf"{_X}*\\(?:groups|scheduledtasks|services|datasources|drives|printers)\.xml{FIELD}", 6, "T1552.006"),
    _other("directory", "replication", CREDENTIALS, "the domain's secrets are asked for as another controller would (DCSync)", ("1131f6a", "89e95b76"), rf"{_X}*.*data={_X}*(?:1131f6a[ad]-9c07-11d1-f79f-00c04fc2dcd2|89e95b76-444d-4c62-991a-0facbeda640c)", 10, "T1003.006", unless=rf"user={_X}*\${FIELD}|user={_X}*msol_"),
    _other("bits", "bits_job", DROPS, "a transfer job fetches a program, or from a bare address", ("http",), rf"{_X}*https?://(?:(?:\d{{1,3}}\.){{3}}\d|{_X}*\.(?:exe|dll|ps1|hta|vbs|bat|sct|zip|scr){FIELD}|{_X}*(?:githubusercontent|pastebin|transfer\.sh|ngrok))", 6, "T1197", "T1105", unless=r"https?://(?:127\.0\.0\.1|[^/\x1f]*(?:microsoft|windowsupdate|google|gvt1|mozilla|adobe|live)\.(?:com|net))"),
    _other("pipe", "command_pipes", LATERAL, "pipes that carry a remote command's input and output", ("-stdin", "-stdout", "-stderr"), rf"\\?[^\\{FIELD}]+-[^\\{FIELD}]+-\d+-std(?:in|out|err){FIELD}", 8, "T1569.002", "T1021.002"),
    _other("share", "command_share_pipes", LATERAL, "pipes that carry a remote command's input and output", ("-stdin", "-stdout", "-stderr"), rf"{_X}*-[^\\{FIELD}]+-\d+-std(?:in|out|err){FIELD}", 8, "T1569.002", "T1021.002"),
    _other("pipe", "asked_by_script", LATERAL, "a shell asks another host for its sessions and shares", ("srvsvc", "wkssvc", "samr", "lsarpc"), rf"\\?(?:srvsvc|wkssvc|samr|lsarpc|netlogon){FIELD}.*by={_X}*(?:\\(?:powershell|pwsh|cmd|rundll32|mshta|regsvr32)\.exe|{WRITABLE})", 6, "T1135", "T1087.002", "T1033"),
    _other("share", "share_secrets", CREDENTIALS, "keys that protect stored secrets are asked for from another host", ("protected_storage",), rf"{_X}*\\protected_storage{FIELD}", 6, "T1555.004", "T1003.004"),
    _other("share", "share_eventlog", LATERAL, "the event log is worked from another host", ("eventlog",), rf"{_X}*\\eventlog{FIELD}", 5, "T1654", "T1562.002", unless=rf"user={_X}*\$"),
    _module("desktop_library", LATERAL, "a program of its own works the remote desktop", ("mstscax.dll",), rf"\\mstscax\.dll{FIELD}", 6, "T1021.001", unless=rf"by={_X}*\\(?:mstsc|mmc|rdcman|vmconnect|windowsterminal|svchost|msrdc|rdpclip|explorer)\.exe"),
    _other("connection", "loopback_desktop", TUNNEL, "remote desktop through this host itself", (":3389",), rf"(?:127\.{_X}*|::1|0:0:0:0:0:0:0:1):3389{FIELD}", 7, "T1572", "T1021.001", "T1090"),
    _other("connection", "host_program_web", TUNNEL, "a program of the system that runs foreign code connects to the outside", ("rundll32", "regsvr32", "mshta", "msbuild", "installutil", "wscript", "cscript", "notepad", "certutil", "cmstp", "odbcconf", "regasm", "msxsl", "wmic", "hh.exe", "calc.exe", "dllhost", "eqnedt32", "werfault"), rf"{_X}*{FIELD}.*by={_X}*\\(?:rundll32|regsvr32|mshta|msbuild|installutil|wscript|cscript|notepad|certutil|cmstp|odbcconf|regasm|msxsl|wmic|hh|calc|eqnedt32|werfault)\.exe", 6, "T1218", "T1071", "T1105", unless=rf"object=(?:127\.|::1|fe80|0:0:0:0:0:0:0:1|224\.|239\.|255\.|ff02)|name=(?:udp|inbound)|:(?:135|53|445|139){FIELD}"),
    _other("connection", "shell_admin_port", LATERAL, "a shell connects to another host's administration", (":5985", ":5986", ":135\x1f", ":445\x1f", ":3389"), rf"{_X}*:(?:5985|5986|135|445|3389){FIELD}.*by={_X}*(?:\\(?:powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|cmd|wmic|notepad)\.exe|{WRITABLE})", 6, "T1021", "T1021.006", "T1021.003", unless=rf"object=(?:127\.|::1|0:0:0:0:0:0:0:1)|name={_X}*inbound"),
    _other("connection", "tickets_by_program", CREDENTIALS, "another program than the logon service asks for Kerberos tickets", (":88\x1f",), rf"{_X}*:88{FIELD}.*by=[a-z]:", 7, "T1558", "T1558.003", unless=rf"by={_X}*\\(?:lsass|java\w*|chrome|firefox|msedge|system)\.exe|name={_X}*inbound"),
    _other("connection", "server_inward", TUNNEL, "a web server connects to other hosts' administration", (":3389", ":445\x1f", ":22\x1f", ":5985"), rf"{_X}*:(?:3389|445|22|5985){FIELD}.*by={_X}*\\(?:w3wp|httpd|nginx|php-cgi|tomcat\d*|java)\.exe", 7, "T1090", "T1572", unless=rf"name={_X}*inbound"),
    _other("connection", "user_program_directory", LATERAL, "a shell, or a program of a folder that any user may write to, asks the domain's directory", (":389\x1f", ":3268\x1f", ":636\x1f"), rf"{_X}*:(?:389|3268|636){FIELD}.*by={_X}*(?:\\(?:powershell|pwsh|rundll32|mshta|regsvr32|cscript|wscript)\.exe|{WRITABLE})", 6, "T1087.002", "T1069.002", "T1018"),
    _other("log", "restore_password", STAYS, "the password for a controller's restore mode is set", ("4794 ",), r"4794 microsoft-windows-security-auditing", 8, "T1098"),
    _other("log", "boot_weakened", BLINDS, "Windows started with debugging or test signing on", ("4826 ",), rf"4826 microsoft-windows-security-auditing{FIELD}.*%%1842", 5, "T1553.006", "T1562.009"),
    _other("log", "log_service_stopped", BLINDS, "the service of the event log stopped", ("7036 ", "7034 ", "7031 "), rf"70(?:36|34|31) service control manager{FIELD}.*windows event log(?:.*(?:stopped|beendet|arr))?", 6, "T1562.002", unless=r"running"),
    _other("log", "database_shell", STAYS, "a database may start programs", ("15457 ", "15281 "), rf"15(?:457|281) mssql{_X}*{FIELD}.*xp_cmdshell", 8, "T1505.001", "T1059.003", "T1210"),
    _other("log", "database_guessing", CREDENTIALS, "a database refuses a logon", ("18456 ",), r"18456 mssql", 3, "T1110"),
    _other("log", "account_store_database", CREDENTIALS, "a copy of the domain's database of accounts is made or opened", ("325 esent", "326 esent", "327 esent", "216 esent"), rf"(?:325|326|327|216) esent{FIELD}.*ntds\.dit", 7, "T1003.003", unless=r"\\windows\\ntds\\ntds\.dit[^\x1f]*\x1f"),
    _other("log", "exit_monitor", CREDENTIALS, "another program is told when lsass ends (Silent Process Exit)", ("3001 ", "3000 "), rf"300[01] microsoft-windows-processexitmonitor{FIELD}.*lsass", 8, "T1003.001", "T1546.012"),
    _other("log", "domain_trust_broken", CREDENTIALS, "the domain refuses this machine's session", ("5805 ", "5723 "), r"58?05 netlogon|5723 netlogon", 4, "T1210", "T1110"),
    _other("log", "compatibility_fix", STAYS, "a compatibility fix is put on a program", ("500 ", "505 "), r"50[05] microsoft-windows-application-experience", 5, "T1546.011"),
    _other("log", "sockets_changed", STAYS, "a library is put between programs and the network", ("1 microsoft-windows-winsock-ws2help", "microsoft-windows-winsock"), r"1 microsoft-windows-winsock", 6, "T1547", "T1574"),
    _other("log", "share_made_logged", LATERAL, "a folder is shared", ("5142 ",), r"5142 microsoft-windows-security-auditing", 6, "T1021.002", "T1135"),
    _other("log", "remote_component", LATERAL, "a component that starts programs was asked for by another", ("10016 ", "10028 "), rf"10016 microsoft-windows-distributedcom{FIELD}.*(?:9ba05972-f6a8-11cf-a442-00a0c90a8f39|c08afd90-f2a1-11d1-8455-00a0c91f3880|49b2791a-b1ae-4c90-9b8e-e860ba07f889)", 6, "T1021.003"),
    _other("log", "remote_shell_made", LATERAL, "a shell was opened by Windows Remote Management", ("91 ", "169 "), r"91 microsoft-windows-(?:winrm|windows-remote-management)", 6, "T1021.006"),
    _other("log", "remote_shell_logon", LATERAL, "somebody logged on by Windows Remote Management", ("169 ",), r"169 microsoft-windows-(?:winrm|windows remote management|windows-remote-management)", 4, "T1021.006"),
    _other("log", "transaction", INJECTS, "a change of a file was begun and thrown away", ("4985 ",), rf"4985 microsoft-windows-security-auditing{FIELD}.*(?:\\users\\|\\temp\\)", 6, "T1055.013"),
    _other("log", "debug_right", RIGHTS, "a program takes the right to debug all others", ("sedebugprivilege",), rf"4703 microsoft-windows-security-auditing{FIELD}.*sedebugprivilege.*(?:powershell|\\users\\|\\temp\\|\\programdata\\|cmd\.exe|rundll32)", 6, "T1134", "T1003.001"),
    _other("log", "group_asked", ASKED, "who belongs to a group of administrators is asked", ("4799 ", "4798 "), rf"479[89] microsoft-windows-security-auditing{FIELD}.*(?:\\net1?\.exe|powershell|\\users\\|\\temp\\|cmd\.exe|rundll32|wmiprvse)", 5, "T1069.001", "T1087.001"),
    _other("log", "group_asked_remotely", ASKED, "who belongs to a group of administrators is asked from another host", ("4799 ", "4798 "), rf"479[89] microsoft-windows-security-auditing{FIELD}.*by=-?{FIELD}", 6, "T1069.001", "T1087.001", unless=rf"user={_X}*\${FIELD}"),
    _other("log", "domain_group_asked", ASKED, "who administers the domain is asked", ("4661 ",), rf"4661 microsoft-windows-security-auditing{FIELD}.*(?:sam_group|sam_user|sam_alias|sam_domain).*-(?:500|502|512|516|518|519|520)\b", 6, "T1069.002", "T1087.002", unless=rf"user={_X}*\${FIELD}"),
)  # fmt: skip

SIGNS: tuple[Sign, ...] = (*REGISTRY_SIGNS, *FILE_SIGNS, *OTHER_SIGNS)
