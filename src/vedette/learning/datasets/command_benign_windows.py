"""Grammars of ordinary command lines of Windows: the system itself, programs of people, installers, administration, management, building."""

# ruff: noqa: E501 - a command is read as a whole

from __future__ import annotations

from random import Random

from vedette.learning.datasets.command_pieces import any_of, encoded, fill

system = any_of(
    (
        "C:\\Windows\\system32\\svchost.exe -k <<netsvcs|LocalService|NetworkService|LocalServiceNetworkRestricted|DcomLaunch|UnistackSvcGroup|wsappx|imgsvc|appmodel|{word}>> <<-p|>> <<-s {word}|-s Schedule|-s BITS|>>",
        "C:\\Windows\\system32\\<<lsass|services|wininit|winlogon|spoolsv|dwm|fontdrvhost|sihost|ctfmon|LogonUI|smss|userinit>>.exe",
        "\\??\\C:\\Windows\\system32\\conhost.exe <<0xffffffff -ForceV1|0x4|0xffffffff>>",
        "C:\\Windows\\system32\\DllHost.exe /Processid:{{guid}}",
        "taskhostw.exe <<{guid}|Install {hex}|KEYROAMING|SYSTEM|-RegisterDevice -ProtectionStateChanged|>>",
        '"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:{word}.AppX{hash}.mca',
        '"C:\\Windows\\system32\\SearchProtocolHost.exe" Global\\UsGthrFltPipeMssGthrPipe{n}_ Global\\UsGthrCtrlFltPipeMssGthrPipe{n} 1 -{big} "Software\\Microsoft\\Windows Search" "Mozilla/4.0 (compatible)"',
        '"C:\\Windows\\system32\\SearchFilterHost.exe" 0 {n} {n} {n} 8192 {n}',
        "C:\\Windows\\system32\\wbem\\wmiprvse.exe <<-secured|>> -Embedding",
        "C:\\Windows\\System32\\RuntimeBroker.exe -Embedding",
        "C:\\Windows\\system32\\WerFault.exe -u -p {n} -s {n}",
        "C:\\Windows\\system32\\wermgr.exe -upload",
        '"C:\\Windows\\system32\\rundll32.exe" <<C:\\Windows\\system32\\WININET.dll,DispatchAPICall 1|C:\\Windows\\System32\\shell32.dll,SHCreateLocalServerRunDll {{guid}} -Embedding|C:\\Windows\\system32\\inetcpl.cpl,ClearMyTracksByProcess Flags:{n} WinX:0|shell32.dll,Control_RunDLL {word}.cpl|Startupscan.dll,SusRunTask|C:\\Windows\\system32\\PcaSvc.dll,PcaPatchSdbTask|C:\\Windows\\system32\\invagent.dll,RunUpdate|edgehtml.dll,#125 {n}|C:\\Windows\\System32\\davclnt.dll,DavSetCookie {host} http://{host}/{word}|aepdu.dll,AePduRunUpdate -nolegacy|sysmain.dll,PfSvWsSwapAssessmentTask|C:\\Windows\\System32\\Windows.StateRepositoryClient.dll,StateRepositoryDoMaintenanceTasks|printui.dll,PrintUIEntry /ga|shell32.dll,OpenAs_RunDLL C:\\Users\\{person}\\Documents\\{word}.{ending}|url.dll,FileProtocolHandler https://www.example.com/{word}|acproxy.dll,PerformAutochkOperations|dfshim.dll,CleanOnlineAppCache>>',
        "C:\\Windows\\system32\\<<sc|sc.exe>> start <<w32time task_started|wuauserv|pushtoinstall registration|{word}>>",
        "C:\\Windows\\System32\\<<mousocoreworker.exe -Embedding|MoUsoCoreWorker.exe|usoclient.exe StartScan|wuauclt.exe /detectnow|wuauclt.exe /RunHandlerComServer|TiWorker.exe -Embedding|sppsvc.exe|CompatTelRunner.exe -m:{word}.dll -f:{word} -cv {word}|SIHClient.exe|cleanmgr.exe /autoclean /d C:|defrag.exe -c -h -o -$|compattelrunner.exe|MusNotification.exe|gpupdate.exe /target:computer|tzsync.exe|srtasks.exe ExecuteScheduledSPPCreation|schtasks.exe /run /tn \\Microsoft\\Windows\\{word}\\{word}|devicecensus.exe|omadmclient.exe /serverid {guid}|lpremove.exe|dstokenclean.exe|ngentask.exe /RuntimeWide>>",
        '"C:\\Program Files\\Windows Defender\\MpCmdRun.exe" <<-IdleTask -TaskName WdCacheMaintenance|SpyNetService -RestrictPrivileges -AccessKey {guid}|Scan -ScheduleJob -ScanTrigger 55|SignatureUpdate>>',
        'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\<<mscorsvw.exe -StartupEvent {hex} -InterruptEvent 0 -NGENProcess {hex} -Pipe {hex} -Comment NGen Worker Process|ngen.exe install "C:\\Program Files\\{vendor}\\{word}.dll" /queue:1|csc.exe /noconfig /fullpaths @"C:\\Windows\\TEMP\\{word}\\{word}.cmdline"|cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 "/OUT:C:\\Users\\{person}\\AppData\\Local\\Temp\\RES{hex}.tmp"|InstallUtil.exe "C:\\Program Files\\{vendor}\\{word}.exe">>',
        '"C:\\Windows\\<<ImmersiveControlPanel\\SystemSettings.exe|explorer.exe|SystemApps\\Microsoft.Windows.Search_cw5n1h2txyewy\\SearchApp.exe>>" <<-ServerName:microsoft.windows.immersivecontrolpanel|/factory,{{guid}} -Embedding|>>',
        "C:\\Windows\\system32\\<<vssvc.exe|msdtc.exe|audiodg.exe {hex}|atbroker.exe|rdpclip.exe|tabcal.exe|lsm.exe|wlrmdr.exe -s -1 -f 2 -t {word}|csrss.exe ObjectDirectory=\\Windows SharedSection=1024,20480,768 Windows=On|fodhelper.exe -Embedding|eventvwr.exe /s|dispdiag.exe -out {word}.dat|AppHostRegistrationVerifier.exe|bcdedit.exe /enum>>",
    )
)

apps = any_of(
    (
        '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=<<renderer|gpu-process|utility|crashpad-handler>> <<--extension-process|>> --field-trial-handle={n},i,{big},{big},262144 --lang=en-US --mojo-platform-channel-handle={n} /prefetch:{d}',
        '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe" <<--type=utility --utility-sub-type=network.mojom.NetworkService --lang=en-US --service-sandbox-type=none|--single-argument {web}/{word}|--no-startup-window --win-session-start /prefetch:5|-- "{web}/{word}?id={n}">>',
        '"C:\\Program Files\\Mozilla Firefox\\firefox.exe" <<-contentproc --channel="{n}.{d}.{big}\\{word}" -parentBuildID {big} -prefsHandle {n} tab|-osint -url "{web}/{word}"|>>',
        '"C:\\Program Files\\Microsoft Office\\root\\Office16\\<<WINWORD.EXE" /n "{home}\\{word} {date}.docx" /o ""|EXCEL.EXE" "{home}\\{word}.xlsx"|POWERPNT.EXE" "{home}\\{word}.pptx" /ou ""|OUTLOOK.EXE" <</recycle|-Embedding|>>|EXCEL.EXE" /dde|WINWORD.EXE" /Automation -Embedding>>',
        '"C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\<<Acrobat.exe" "{home}\\{word}.pdf"|AcroCEF\\AcroCEF.exe" --backgroundcolor={big}|Acrobat.exe" --type=renderer /prefetch:1 "{home}\\{word}.pdf">>',
        '"C:\\Users\\{person}\\AppData\\Local\\<<Microsoft\\Teams\\current\\Teams.exe" --type=renderer --enable-wer --user-data-dir="C:\\Users\\{person}\\AppData\\Roaming\\Microsoft\\Teams"|Microsoft\\Teams\\Update.exe" --processStart "Teams.exe" --process-start-args "--system-initiated"|slack\\slack.exe" --type=gpu-process --user-data-dir="C:\\Users\\{person}\\AppData\\Roaming\\Slack"|Discord\\Update.exe" --processStart Discord.exe|Programs\\Microsoft VS Code\\Code.exe" --type=utility --lang=en-US|Programs\\{word}\\{word}.exe" --updated|{vendor}\\{word}.exe" /background|Zoom\\bin\\Zoom.exe" --url=zoommtg://example.com/join?confno={big}>>',
        '"C:\\Program Files\\Microsoft OneDrive\\OneDrive.exe" /background',
        '"C:\\Users\\{person}\\AppData\\Local\\Microsoft\\OneDrive\\{version}\\FileCoAuth.exe" -Embedding',
        '"C:\\Windows\\system32\\notepad.exe" <<{home}\\{word}.txt|C:\\Windows\\System32\\drivers\\etc\\hosts|>>',
        '"C:\\Windows\\System32\\<<mspaint.exe" "{home}\\{word}.png"|calc.exe"|SnippingTool.exe" /clip|mstsc.exe" /v:{host}|mmc.exe" C:\\Windows\\system32\\<<eventvwr|services|compmgmt|dsa|gpmc|taskschd|devmgmt>>.msc|Taskmgr.exe" /4|perfmon.exe" /res|msinfo32.exe"|control.exe" /name Microsoft.NetworkAndSharingCenter|control.exe" desk.cpl|OpenWith.exe" -Embedding|wscript.exe" "{home}\\{word}.vbs"|cmd.exe"|SystemPropertiesAdvanced.exe"|osk.exe"|psr.exe"|WFS.exe" /SendTo>>',
        '"C:\\Program Files\\7-Zip\\7zG.exe" <<x -o"{home}\\{word}" -spe -an -ai#7zMap{n}:{n}:7zEvent{n}|a -i#7zMap{n}:{n}:7zEvent{n} -tzip -saa -- "{home}\\{word}">>',
        '"C:\\Program Files\\{vendor}\\{word}\\{word}.exe" <<--minimized|/tray|-autostart|"{home}\\{word}.{ending}"|--service|--config "C:\\ProgramData\\{vendor}\\{word}\\config.xml"|-s {n}|>>',
        '"C:\\Program Files\\VideoLAN\\VLC\\vlc.exe" --started-from-file "{home}\\{word}.mp4"',
        'C:\\Windows\\system32\\cmd.exe /c ""C:\\Program Files\\{vendor}\\{word}\\bin\\{word}.bat" <<start|--version|{n}>>"',
        '"C:\\Program Files\\KeePass Password Safe 2\\KeePass.exe" "{home}\\{word}.kdbx"',
        '"C:\\Program Files\\PuTTY\\putty.exe" -ssh {person}@{inside}',
        '"C:\\Program Files\\TeamViewer\\TeamViewer_Service.exe"',
        'explorer.exe <<{home}|/select,"{home}\\{word}.{ending}"|shell:startup|\\\\{host}\\{word}>>',
        '"C:\\Program Files (x86)\\{vendor}\\Update\\{vendor}Update.exe" <</c|/ua /installsource scheduler|/svc|/medsvc|/handoff "appguid={{guid}}&needsadmin=true">>',
        '"C:\\Users\\{person}\\Downloads\\{word}<<Setup|-{version}|_x64|>>.exe" <<|/S|--force-run>>',
    )
)

installers = any_of(
    (
        'C:\\Windows\\system32\\msiexec.exe <</V|-Embedding {hash} <<C|M Global\\MSI0000>>|/i "C:\\Windows\\Temp\\{word}\\{word}.msi" /qn /norestart /L*v C:\\Windows\\Temp\\{word}.log|/i "C:\\Users\\{person}\\Downloads\\{word}.msi"|/x {{guid}} /qn|/fvecmus {{guid}} /qb|/p "{word}.msp" REINSTALLMODE=omus /qn>>',
        '"C:\\Users\\{person}\\AppData\\Local\\Temp\\is-{hex}.tmp\\{word}.tmp" /SL5="$<<1|2>>{hex},{big},{n},C:\\Users\\{person}\\Downloads\\{word}.exe" <</SILENT|/VERYSILENT /NORESTART|>>',
        '"C:\\Windows\\Temp\\{{guid}}\\.cr\\{word}.exe" -burn.clean.room="C:\\Users\\{person}\\Downloads\\{word}.exe" -burn.filehandle.attached={n} -burn.filehandle.self={n}',
        "C:\\Users\\{person}\\AppData\\Local\\Temp\\<<{hex}\\setup.exe /quiet|nsn{hex}.tmp\\ns{hex}.tmp|7z{hex}\\setup.exe -ui|{{guid}}\\dismhost.exe {{guid}}>>",
        '"C:\\Windows\\system32\\regsvr32.exe" <</s|/s /u|/i /s>> "{program}\\{word}.<<dll|ocx|ax>>"',
        "regsvr32 /s C:\\Windows\\<<system32|SysWOW64>>\\{word}.<<dll|ocx>>",
        '"C:\\Windows\\System32\\rundll32.exe" "{program}\\{word}.dll",<<{word}|Install|DllRegisterServer|UpdateCheck {n}>>',
        'rundll32.exe "C:\\Windows\\Installer\\MSI{hex}.tmp",zzzzInvokeManagedCustomActionOutOfProc SfxCA_{big} {n} {word}!{word}.CustomActions.{word}',
        '"C:\\Windows\\System32\\schtasks.exe" /<<create /tn "{vendor}\\{word} Update" /xml "{program}\\{word}.xml" /f|create /f /sc daily /st {time} /tn "{vendor}Update" /tr "\\"{program}\\{word}.exe\\" /silent"|delete /f /tn "{vendor}\\{word}"|query /tn "{vendor}\\{word}"|change /tn "{vendor}\\{word}" /disable|create /ru SYSTEM /sc onstart /tn {vendor}{word} /tr "\\"{program}\\{word}.exe\\""|run /tn {word}>>',
        'sc <<create {word} binPath= "\\"{program}\\{word}.exe\\" --service" start= auto DisplayName= "{vendor} {word}"|description {word} "{vendor} {word} service"|failure {word} reset= 86400 actions= restart/5000|stop {word}|delete {word}|start {word}|config {word} start= delayed-auto|query {word}|config {word} depend= Tcpip>>',
        '"C:\\Windows\\system32\\reg.exe" <<add "HKLM\\SOFTWARE\\{vendor}\\{word}" /v <<InstallDir|Version|Path>> /t REG_SZ /d "{program}" /f|query "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" /v ProductName|import "{program}\\{word}.reg"|delete HKCU\\Software\\{vendor} /f|add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run /v {vendor} /d "\\"{program}\\{word}.exe\\" /tray" /f|query HKLM\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full /v Release>>',
        'netsh advfirewall firewall <<add rule name="{vendor} {word}" dir=in action=allow program="{program}\\{word}.exe" enable=yes|delete rule name="{vendor} {word}"|show rule name=all>>',
        "netsh http add urlacl url=http://+:{port}/{word} user=Everyone",
        'icacls "C:\\ProgramData\\{vendor}" /grant <<*S-1-5-32-545:(OI)(CI)M|Users:(OI)(CI)RX|"NT SERVICE\\{word}":F>> /T',
        '"C:\\Windows\\system32\\cmd.exe" /c <<del /f /q "C:\\Users\\{person}\\AppData\\Local\\Temp\\{word}.tmp"|rmdir /s /q "{program}\\old"|copy /y "{word}.dll" "{program}"|mklink /D "{program}\\current" "{program}\\{version}"|ver|"{program}\\postinstall.cmd" > "%TEMP%\\{word}.log" 2>&1|taskkill /f /im {word}.exe|wmic os get Caption /value|timeout /t 5 && rd /s /q C:\\Windows\\Temp\\{word}|ping -n 3 127.0.0.1 >nul & rmdir /q "{program}">>',
        "taskkill /F /IM {word}.exe /T",
        'pnputil.exe /add-driver "{program}\\drivers\\{word}.inf" /install',
        'wevtutil.exe <<im "{program}\\{word}.man" /rf:"{program}\\{word}.dll"|um "{program}\\{word}.man">>',
        '{ps} -NoProfile -ExecutionPolicy Bypass -File "{program}\\<<install|setup|postinstall>>.ps1"',
        '{ps} -NoLogo -NonInteractive -Command "& {Get-AppxPackage *{word}* | Remove-AppxPackage}"',
        'C:\\Windows\\system32\\<<expand.exe -F:* {word}.cab C:\\Windows\\Temp\\{word}|dism.exe /online /enable-feature /featurename:NetFx3 /all|wusa.exe C:\\Windows\\Temp\\windows10-kb{n}-x64.msu /quiet /norestart|makecab.exe /F {word}.ddf|certutil.exe -addstore TrustedPublisher "{program}\\{word}.cer"|vssadmin.exe list writers|lodctr.exe /R|setx.exe PATH "%PATH%;{program}" /M|attrib.exe -r {word}.ini>>',
        '"{program}\\vcredist_x64.exe" /install /quiet /norestart',
        '"{program}\\uninstall.exe" /S _?={program}',
    )
)

admin = any_of(
    (
        "<<ipconfig|ipconfig /all|ipconfig /flushdns|ipconfig /release|hostname|whoami|systeminfo|tasklist|getmac|ver|quser|query user|arp -a|route print|netstat -an|netstat -ano|nbtstat -n|set|klist|klist purge|gpresult /r|gpresult /h {word}.html|gpupdate /force|winver>>",
        "{sys}ping<<.exe|>> <<-t|-n {d}|-a|>> <<{host}|{inside}|www.example.com>>",
        "{sys}<<nslookup|tracert|pathping>> <<{host}.corp.example|{inside}|www.example.com>>",
        '{sys}net<<.exe|>> <<use {word}: \\\\{host}\\{word} /persistent:yes|use|use * /delete /y|user {person} /domain|user|localgroup administrators|view \\\\{host}|share|start|time \\\\{host} /set /y|accounts|group "{word} Users" /domain|session|statistics workstation|stop spooler|start spooler|config server|user {person} /active:yes /domain>>',
        "{sys}robocopy<<.exe|>> {home} \\\\{host}\\{word}\\{person} <</MIR /R:1 /W:1|/E /COPYALL /LOG:C:\\Logs\\{word}.log|/S /XO>>",
        "xcopy {home} D:\\{word} /E /Y /D",
        "{sys}sc<<.exe|>> <<query|query state= all|query {word}|qc {word}|queryex spooler|\\\\{host} query {word}|stop spooler|start spooler|config wuauserv start= auto>>",
        "{sys}wevtutil<<.exe|>> <<qe System /c:{n} /rd:true /f:text|el|gl Security|epl Application C:\\Logs\\{word}.evtx|sl Application /ms:104857600>>",
        '{sys}schtasks<<.exe|>> <</query /fo LIST /v|/run /tn "{word}"|/end /tn "{word}"|/query /s {host}|/create /tn "{word} backup" /tr "C:\\Scripts\\{word}.cmd" /sc weekly /d SUN /st {time} /ru {domain}\\svc_{word}|/delete /tn "{word}" /f|/change /tn "{word}" /enable>>',
        "{sys}dism<<.exe|>> /online /cleanup-image /<<restorehealth|scanhealth|startcomponentcleanup>>",
        '{sys}<<sfc /scannow|chkdsk C: /f|chkdsk|defrag C: /U|powercfg /batteryreport|powercfg -h off|cleanmgr /sageset:{d}|shutdown /r /t 0|shutdown /s /t {n} /c "{word}"|w32tm /resync|w32tm /query /status|slmgr.vbs /dlv|diskpart /s C:\\Scripts\\{word}.txt|bcdedit|bcdedit /set {current} description "{word}"|vssadmin list shadows|vssadmin list shadowstorage|fsutil volume diskfree c:|fsutil behavior query DisableDeleteNotify|label D: {word}|driverquery /v|fltmc instances|wbadmin start backup -backupTarget:\\\\{host}\\backup -include:C: -quiet|wbadmin get versions|manage-bde -status|repadmin /replsummary|dcdiag /v|netdom query fsmo|dnscmd /zoneprint {word}.example|ntdsutil "metadata cleanup" q q|dsquery user -name {person}*|nltest /sc_query:{domain}|setspn -L {host}|auditpol /get /category:*|secedit /export /cfg C:\\Temp\\{word}.inf|gpfixup|ldifde -f {word}.ldf -d DC=corp>>',
        "{sys}certutil<<.exe|>> <<-hashfile {home}\\{word}.iso SHA256|-verify {word}.cer|-store My|-dump {word}.pfx|-pulse|-viewstore -enterprise NTAuth|-addstore -f Root \\\\{host}\\pki\\{word}.cer|-urlcache * delete|-verifystore Root>>",
        '{sys}reg<<.exe|>> <<query HKLM\\SYSTEM\\CurrentControlSet\\Services\\{word}|query HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s|export HKCU\\Software\\{vendor} {home}\\{word}.reg|add HKCU\\Software\\Policies\\{vendor} /v {word} /t REG_DWORD /d 1 /f|query "HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon">>',
        "{sys}wmic<<.exe|>> <<os get caption,version|bios get serialnumber|logicaldisk get size,freespace,caption|product get name,version|cpu get name|computersystem get model|process list brief|service where name='{word}' get state|/node:{host} os get lastbootuptime|printer list brief|qfe list|diskdrive get status>>",
        '{sys}netsh<<.exe|>> <<interface ip show config|wlan show profiles|wlan show interfaces|advfirewall show allprofiles|interface ipv4 set dnsservers "Ethernet" static {inside}|winsock reset|int ip reset|trace show status|dhcp server show scope|interface portproxy show all|winhttp show proxy>>',
        'cmd /c <<dir C:\\Users|type C:\\Logs\\{word}.log|cd /d D:\\{word} && dir /b|for %i in (*.log) do @echo %i|echo %USERNAME% %COMPUTERNAME%|"\\\\corp.example\\netlogon\\logon.bat"|"C:\\Scripts\\{word}.cmd" {n}|findstr /i error C:\\Logs\\{word}.log|dir /s /b *.{ending} > {word}.txt|copy {word}.txt \\\\{host}\\{word}|del /q C:\\Temp\\*.log|tree C:\\{word}|set path|ping {host} && echo ok|net use x: \\\\{host}\\{word}|start "" "{home}\\{word}.xlsx">>',
        '{sys}<<takeown /f D:\\{word} /r /d y|icacls D:\\{word} /grant {domain}\\{person}:(OI)(CI)M /T|icacls D:\\{word} /save {word}.acl /t|attrib -h D:\\{word}\\*.* /s|compact /c /s:D:\\{word}|forfiles /p D:\\Logs /s /m *.log /d -30 /c "cmd /c del @path"|runas /user:{domain}\\adm-{person} "mmc.exe dsa.msc"|cmdkey /add:{host} /user:{domain}\\{person} /pass|msg * "{word}"|logoff {d}|tskill {n}|taskkill /pid {n} /f|taskkill /im outlook.exe /f|mstsc /v:{host} /admin|psexec \\\\{host} ipconfig|winrm quickconfig -q|winrs -r:{host} hostname|bitsadmin /list /allusers|esentutl /g {word}.edb|curl -I https://www.example.com|curl -o {word}.zip {web}/{word}.zip|tar -xf {word}.zip|ssh {person}@{inside}|ftp {host}|telnet {host} {port}|nmap -sn {inside}/24>>',
        "wscript.exe \\\\corp.example\\sysvol\\corp.example\\scripts\\{word}.vbs",
        "cscript //nologo C:\\Scripts\\<<{word}.vbs|prnmngr.vbs -l|ospp.vbs /dstatus>>",
    )
)

_PLAIN_SCRIPTS = (
    "Get-Service | Where-Object {$_.Status -eq 'Running'}",
    "Get-ADUser -Filter * -SearchBase 'OU={word},DC=corp,DC=example' | Export-Csv {word}.csv -NoTypeInformation",
    "Get-ADUser {person} -Properties LastLogonDate,MemberOf",
    "Get-ChildItem -Path D:\\{word} -Recurse | Where-Object Length -gt {n}MB | Sort-Object Length",
    "Get-EventLog -LogName System -Newest {n} | Format-Table -AutoSize",
    "Get-WinEvent -FilterHashtable @{LogName='Application';Level=2} -MaxEvents {n}",
    "Restart-Service -Name <<spooler|{word}|W3SVC>>",
    "Import-Module ActiveDirectory; Get-ADComputer -Filter {OperatingSystem -like '*Server*'}",
    "Test-NetConnection {host} -Port {port}",
    "Get-WmiObject Win32_OperatingSystem | Select-Object LastBootUpTime",
    "Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | Select DeviceID,FreeSpace",
    "Invoke-WebRequest -Uri {web}/{word}.msi -OutFile C:\\Temp\\{word}.msi",
    'Invoke-RestMethod -Uri https://api.example.com/v{d}/{word} -Headers @{Authorization="Bearer $token"} | ConvertTo-Json',
    "Invoke-Command -ComputerName {host} -ScriptBlock {Get-Service {word}}",
    "Set-ExecutionPolicy RemoteSigned -Scope CurrentUser",
    "Install-Module -Name <<Az|PSWindowsUpdate|{word}>> -Force -Scope AllUsers",
    "Get-Process | Sort-Object CPU -Descending | Select-Object -First {d}",
    "Copy-Item \\\\{host}\\{word}\\*.csv D:\\{word} -Force",
    "New-Item -ItemType Directory -Path C:\\Logs\\{word}; Start-Transcript C:\\Logs\\{word}.txt",
    "$s = Get-Content C:\\Scripts\\{word}.json | ConvertFrom-Json; foreach ($x in $s.items) { Write-Output $x.name }",
    "Get-ItemProperty HKLM:\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\* | Select-Object DisplayName, DisplayVersion",
    "[System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($config)) | ConvertFrom-Json",
    "Register-ScheduledTask -TaskName '{word}' -Action (New-ScheduledTaskAction -Execute 'C:\\Scripts\\{word}.cmd') -Trigger (New-ScheduledTaskTrigger -Daily -At {time})",
    "Send-MailMessage -To {person}@corp.example -From {word}@corp.example -Subject '{word}' -SmtpServer {host}",
    "Compress-Archive -Path D:\\Logs\\{word} -DestinationPath D:\\Archive\\{word}.zip -Update",
    "Get-MpComputerStatus | Select-Object AntivirusSignatureLastUpdated",
    "Enable-PSRemoting -Force; Get-Item WSMan:\\localhost\\Client\\TrustedHosts",
    "Add-Type -AssemblyName System.Windows.Forms; [System.Windows.Forms.MessageBox]::Show('{word}')",
    "$env:PSModulePath -split ';' | ForEach-Object { Get-ChildItem $_ -ErrorAction SilentlyContinue }",
    "Get-NetAdapter | Where-Object Status -eq Up | Get-NetIPAddress",
    "Start-Process -FilePath msiexec.exe -ArgumentList '/i {word}.msi /qn' -Wait",
    "Get-Mailbox -ResultSize Unlimited | Get-MailboxStatistics | Sort-Object TotalItemSize",
    "Connect-AzAccount -Identity; Get-AzVM -ResourceGroupName {word}",
    "Update-Help -Force -ErrorAction SilentlyContinue",
)

_SHELL = any_of(
    (
        "{ps} <<-NoProfile|-NoLogo|-nop|>> <<-NonInteractive|>> <<-ExecutionPolicy <<Bypass|RemoteSigned|Unrestricted>>|>> -<<Command|c>> ",
    )
)


def admin_scripts(rng: Random) -> str:
    """PowerShell of administrators: commands, files, a few hidden windows of scheduled scripts."""
    if rng.random() < 0.4:  # noqa: PLR2004 - files and commands
        return fill(
            rng,
            '{ps} <<-NoProfile|-nologo|>> <<-ExecutionPolicy Bypass|-ep RemoteSigned|-ExecutionPolicy Unrestricted|>> <<-WindowStyle Hidden|>> -<<File|f>> "<<C:\\Scripts|\\\\corp.example\\netlogon|{program}|D:\\{word}|C:\\Windows\\CCM\\SystemTemp>>\\{word}.ps1" <<-{word} {n}|-Verbose|>>',
        )
    return _SHELL(rng) + f'"{fill(rng, rng.choice(_PLAIN_SCRIPTS))}"'


def managed(rng: Random) -> str:
    """What management agents run: encoded but ordinary PowerShell, inventories, script hosts, agents of their own."""
    if rng.random() < 0.35:  # noqa: PLR2004 - a third
        head = fill(rng, "{ps} -NoProfile -NonInteractive -ExecutionPolicy <<Unrestricted|Bypass>> -EncodedCommand ")
        return head + encoded(fill(rng, rng.choice(_PLAIN_SCRIPTS)))
    return _MANAGED(rng)


_MANAGED = any_of(
    (
        "C:\\Windows\\CCM\\<<CcmExec.exe|SCClient.exe /{word}|ccmrepair.exe>>",
        "\"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe\" -NoLogo -Noninteractive -NoProfile -ExecutionPolicy Bypass & 'C:\\Windows\\CCM\\SystemTemp\\{guid}.ps1'",
        '"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe" -NoProfile -executionPolicy bypass -file "C:\\Program Files (x86)\\Microsoft Intune Management Extension\\Policies\\Scripts\\{guid}_{guid}.ps1"',
        '"C:\\Program Files (x86)\\Microsoft Intune Management Extension\\agentexecutor.exe" -remediationScript "C:\\Windows\\IMECache\\HealthScripts\\{guid}_{d}\\detect.ps1" "{word}.output" {n}',
        "powershell.exe -NoProfile -OutputFormat Text -NonInteractive -WindowStyle Hidden -Command \"& '{program}\\{word}.ps1'\"",
        '"C:\\Program Files\\{vendor}\\Agent\\{word}agent.exe" <<--run-checks|-c "C:\\ProgramData\\{vendor}\\agent.conf"|service|/inventory>>',
        'C:\\Windows\\system32\\cmd.exe /c <<"C:\\Program Files\\Puppet Labs\\Puppet\\bin\\puppet.bat" agent -t|C:\\opscode\\chef\\bin\\chef-client.bat -L C:\\chef\\client.log|"C:\\salt\\salt-minion.exe" -c C:\\salt\\conf|wmic /namespace:\\\\root\\wmi path {word} get|reg query HKLM\\Software\\{vendor}|"C:\\Program Files\\Zabbix Agent\\scripts\\{word}.bat">>',
        'cscript.exe /nologo "C:\\Program Files\\Microsoft Monitoring Agent\\Agent\\Health Service State\\Monitoring Host Temporary Files {n}\\{n}\\{word}.vbs" {host} {n} 0 "{guid}"',
        '"C:\\Windows\\TEMP\\nessus_task_list{hex}.txt"',
        "cmd.exe /c netstat -ano > C:\\Windows\\TEMP\\nessus_{hex}.TMP",
        "C:\\Windows\\system32\\<<gpscript.exe /Startup|gpscript.exe /Logon|gpupdate.exe /target:user /force|ScriptRunner.exe -appvscript {word}.cmd>>",
        '"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\{version}\\MsMpEng.exe"',
        '"C:\\ProgramData\\<<chocolatey\\choco.exe" upgrade all -y|{vendor}\\{word}\\updater.exe" --check|Dell\\UpdateService\\{word}.exe" /silent>>',
        '"C:\\Program Files\\Veeam\\Endpoint Backup\\Veeam.EndPoint.Tray.exe"',
        '"C:\\Program Files\\Tenable\\Nessus Agent\\nessusd.exe"',
        "powershell -Command \"$ProgressPreference='SilentlyContinue'; iex ((New-Object System.Net.WebClient).DownloadString('https://community.chocolatey.org/install.ps1'))\"",
        "C:\\Windows\\system32\\wbem\\<<WMIC.exe /interactive:off ComputerSystem Get TotalPhysicalMemory /format:list|scrcons.exe -Embedding|unsecapp.exe -Embedding|WmiApSrv.exe>>",
    )
)

building = any_of(
    (
        '<<git|"C:\\Program Files\\Git\\cmd\\git.exe"|git.exe>> <<status -z -u|fetch --all|rev-parse --show-toplevel|log --oneline -n {n}|commit -m "{word} {word}"|push origin {word}|pull --rebase|for-each-ref --format %(refname)|clone https://git.example.com/{word}/{word}.git|-c core.quotepath=false diff --name-status>>',
        '<<node|"C:\\Program Files\\nodejs\\node.exe">> <<"C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js" install|{home}\\node_modules\\.bin\\webpack --mode production|server.js --port {port}|-e "console.log(process.version)"|--max-old-space-size=4096 {word}.js>>',
        'python<<.exe|3|>> <<-m pip install {word}|-m venv .venv|{home}\\{word}.py --{word} {n}|-c "import sys; print(sys.version)"|-m pytest -q|setup.py bdist_wheel|-m http.server {port}>>',
        '"C:\\Program Files\\Microsoft Visual Studio\\2022\\Community\\MSBuild\\Current\\Bin\\MSBuild.exe" {home}\\{word}.<<sln|csproj|vcxproj>> /t:Build /p:Configuration=Release',
        "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\MSBuild.exe D:\\agent\\_work\\{d}\\s\\{word}.sln /m",
        'dotnet<<.exe|>> <<build|restore|test --no-build|publish -c Release -o out|"C:\\Program Files\\dotnet\\sdk\\{version}\\MSBuild.dll" /nologo /nodemode:1|run --project {word}>>',
        '"C:\\Program Files\\Microsoft Visual Studio\\2022\\Community\\VC\\Tools\\MSVC\\{version}\\bin\\Hostx64\\x64\\<<cl.exe" /c /Zi /nologo /W3 /O2 {word}.cpp|link.exe" /OUT:{word}.exe {word}.obj>>',
        '<<java|"C:\\Program Files\\Java\\jdk-17\\bin\\java.exe">> -Xmx{n}m -<<jar {word}-{version}.jar|cp lib\\* com.example.{word}|Dfile.encoding=UTF-8 -classpath "{home}\\{word}" org.gradle.launcher.daemon.bootstrap.GradleDaemon {version}>>',
        "docker<<.exe|>> <<ps -a|build -t {word}:{version} .|run --rm -it -v {home}:/work {word}|compose up -d|exec -it {word} bash|logs -f {word}>>",
        "kubectl <<get pods -n {word}|apply -f {word}.yaml|logs {word}-{hex} --tail={n}|describe node {host}|port-forward svc/{word} {port}:80|exec -it {word} -- sh>>",
        'wsl.exe <<-d Ubuntu|--list --verbose|-e bash -lc "make test">>',
        'cmd /c <<npm run build|gradlew.bat assemble|mvn clean install -DskipTests|yarn install|"C:\\Program Files\\CMake\\bin\\cmake.exe" --build . --config Release|call vcvars64.bat && nmake|echo %PATH%|nuget restore {word}.sln|xcopy /y /d "bin\\{word}.dll" "..\\out"|if not exist out mkdir out>>',
        "terraform <<plan -out {word}.plan|apply -auto-approve|init -upgrade>>",
        "az <<login|vm list -o table|account show|group create -n {word} -l westeurope>>",
        "aws <<s3 sync {word} s3://{word}-{word}|sts get-caller-identity|ec2 describe-instances --region eu-west-1>>",
        "ssh -i C:\\Users\\{person}\\.ssh\\id_ed25519 -L {port}:localhost:5432 {person}@{host}",
        'curl<<.exe|>> <<-sS https://api.example.com/v{d}/{word}|-X POST -H "Content-Type: application/json" -d @{word}.json http://localhost:{port}/{word}|-fsSLO {web}/{word}.zip>>',
        "winget <<install {vendor}.{word}|upgrade --all --silent>>",
        "choco <<install {word} -y|upgrade {word}|list --local-only>>",
    )
)


def blocks(rng: Random) -> str:
    """Script blocks of several lines as modules and administrators write them."""
    lines = [fill(rng, rng.choice(_PLAIN_SCRIPTS + _LINES)) for _ in range(rng.randint(2, 14))]
    return "\n".join(lines)


_LINES = (
    "function Get-{word} {", "}", "[CmdletBinding()]", "param([Parameter(Mandatory=$true)][string]$Name, [switch]$Force)",
    "# .SYNOPSIS {word} {word} {word}", "try { {word} } catch { Write-Error $_.Exception.Message }", "Write-Verbose \"{word} $Name\"",
    "if (-not (Test-Path $Path)) { New-Item $Path -ItemType Directory | Out-Null }", "$result = @{}; $result['{word}'] = {n}", "return $result",
    "Set-StrictMode -Version Latest", "$ErrorActionPreference = 'Stop'", "Export-ModuleMember -Function *-{word}", "foreach ($item in $list) { $sum += $item.Value }",
    "$null = [System.IO.Directory]::CreateDirectory($path)", "$hash = (Get-FileHash $file -Algorithm SHA256).Hash", "Import-LocalizedData -BindingVariable msg",
    "$wc = New-Object System.Net.WebClient; $wc.DownloadFile('{web}/{word}.zip', $target)", "prompt", "$global:?", "{ Set-StrictMode -Version 1; $_.ErrorCategory_Message }",
    "Add-Type -TypeDefinition 'public class {word} { public int Id; }'", "if ($env:PROCESSOR_ARCHITECTURE -eq 'AMD64') { $x64 = $true }", "Start-Sleep -Seconds {d}",
)  # fmt: skip
