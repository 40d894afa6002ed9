"""The words of command lines that stay words to a model; all others count by their shape (``web_tokens``)."""

# ruff: noqa: E501, SIM905 - a vocabulary is read as a whole

from __future__ import annotations

KEYWORDS = tuple(
    dict.fromkeys(
        (
            # shells and script hosts
            "cmd powershell pwsh exe dll com bat ps1 vbs js jse vbe wsf hta sct xsl inf scr lnk cpl sys tmp dat txt xml log msi zip cab iso dmp ini"
            " c k v s q e n enc encodedcommand ec nop noprofile noni noninteractive w windowstyle hidden ep exec executionpolicy bypass unrestricted"
            " sta command file version echo off set call start for do in if exist goto not rem pushd popd type copy move ren del erase rd rmdir md"
            " mkdir dir cd attrib find findstr more sort tree icacls takeown cacls assoc mklink xcopy robocopy timeout ping choice exit pause title"
            # Windows programs
            " rundll32 regsvr32 mshta wscript cscript msiexec msbuild installutil regasm regsvcs cmstp odbcconf mavinject control hh wmic forfiles"
            " pcalua certutil bitsadmin certreq curl wget ftp tftp esentutl expand extrac32 makecab reg regedit sc net net1 netsh netstat nbtstat"
            " nltest dsquery whoami hostname ipconfig arp route tasklist taskkill systeminfo quser qwinsta query schtasks at wevtutil vssadmin"
            " wbadmin bcdedit fsutil diskshadow ntdsutil setspn klist cmdkey vaultcmd runas psexec procdump auditpol logman appcmd gpresult gpupdate"
            " svchost services lsass winlogon explorer conhost dllhost taskhostw werfault explorer userinit csrss wininit spoolsv msdt sdclt"
            " fodhelper eventvwr computerdefaults slui changepk wsreset sysprep cliconfg dism pnputil bcdboot reagentc cipher label defrag"
            # options and places
            " urlcache verifyctl split f decode encode decodehex transfer addfile setnotifycmdline create delete change run end query tn tr sc ru rl"
            " xml binpath start auto demand config failure sdset add save export import query save hklm hkcu hku software microsoft windows"
            " currentversion run runonce winlogon shell userinit policies explorer image execution options debugger sam security system controlset"
            " services image path process call node format user password domain group localgroup administrators admins active yes view use share"
            " admin ipc pipe localhost startup programs menu public appdata local roaming temp tmp users programdata system32 syswow64 windows"
            " downloads desktop documents perflogs program files x86 tasks fonts debug shadows shadowcopy recoveryenabled no quiet all force cl"
            " allprofiles state firewall advfirewall rule name allow action profile interface portproxy trace wlan key clear show"
            # PowerShell
            " invoke expression webrequest restmethod command wmimethod cimmethod item iex iwr irm new object net webclient downloadstring"
            " downloadfile downloaddata get set add remove start stop process service content childitem wmiobject ciminstance adcomputer aduser"
            " mppreference exclusionpath disablerealtimemonitoring itemproperty scheduledtask frombase64string convert text encoding unicode utf8"
            " ascii getstring io memorystream compression gzipstream deflatestream streamreader readtoend reflection assembly load char join split"
            " replace reverse bxor byte int string env comspec pshome foreach where select out null file string write host read true false function"
            " param return try catch while variable value psobject type dllimport kernel32 virtualalloc createthread getprocaddress marshal runtime"
            " interopservices amsi amsiutils proxy credential securestring computername session scriptblock automation management tcpclient stream"
            " lsass minidump comsvcs sekurlsa logonpasswords privilege debug lsadump kerberos mimikatz ticket dump nowrap"
            " javascript vbscript activexobject wscript createobject run execute eval http https ftp download url"
            # Unix
            " bin sh bash zsh dash ksh su sudo nohup setsid chmod chown chattr cat less head tail grep egrep sed awk find xargs tee cut tr ls cp mv rm"
            " mkdir touch ln tar gzip unzip base64 xxd openssl python python3 perl php ruby node nc ncat netcat socat telnet ssh scp rsync crontab cron"
            " etc passwd shadow sudoers hosts root home var log usr opt dev tcp udp shm null proc self tmp id uname w who last ps top kill pkill"
            " killall systemctl service enable disable stop restart status iptables ufw nft useradd usermod adduser groupadd passwd apt yum dnf pip npm"
            " install update docker kubectl git make gcc history histfile unset export ld_preload authorized_keys id_rsa aws credentials insmod"
            " modprobe mount mkfifo dd i p d o u g r a l t x y z"
        ).split()
    )
)
"""Lower case."""
