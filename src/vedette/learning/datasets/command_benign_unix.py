"""Grammars of ordinary commands in Unix shells: the system itself, administration, development, scripts."""

# ruff: noqa: E501, S108 - a command is read as a whole; paths of systems, none is opened; shares of a grammar

from __future__ import annotations

from vedette.learning.datasets.command_pieces import any_of

unix_system = any_of(
    (
        "/usr/lib/systemd/systemd-<<logind|journald|resolved|udevd|timesyncd|networkd|cgroups-agent {word}>>",
        "/usr/sbin/<<cron -f|sshd -D -R|rsyslogd -n -iNONE|atd -f|chronyd -F 2|NetworkManager --no-daemon|unattended-upgrade|logrotate /etc/logrotate.conf|runuser -u {person} -- {word}|anacron -d -q -s|nginx -g daemon on; master_process on;|php-fpm8.2 --nodaemonize>>",
        "sshd: {person} [priv]",
        "/bin/sh -c <<   cd / && run-parts --report /etc/cron.<<hourly|daily|weekly>>|[ -x /etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then /usr/sbin/invoke-rc.d anacron start >/dev/null; fi|command -v debian-sa1 > /dev/null && debian-sa1 1 1|test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )|/usr/lib/php/sessionclean|{uhome}/bin/{word}.sh >> /var/log/{word}.log 2>&1>>",
        "run-parts --lsbsysinit /etc/update-motd.d",
        "/usr/bin/python3 /usr/bin/<<unattended-upgrade --download-only|networkd-dispatcher --run-startup-triggers|landscape-sysinfo|update-manager>>",
        "/usr/lib/apt/apt.systemd.daily <<install|update>>",
        "/usr/bin/dpkg <<--print-foreign-architectures|--configure -a|-l {package}>>",
        "<<ls -la --color=auto|grep --color=auto {word}|cut -d: -f1 /etc/group|id -u|id -un|uname -r|uname -s|hostname -f|date +%s|stat -c %Y {ulog}|readlink -f /usr/bin/{word}|lsb_release -cs|locale|dircolors -b|lesspipe|groups|tty|mesg n|basename {uhome}/{word}.sh|dirname {uhome}/{word}|sleep {n}|tput colors|getent passwd {person}|which {package}|env -i PATH=/usr/bin {word}>>",
        "/usr/sbin/postfix/<<qmgr -l -t unix -u|pickup -l -t unix -u -c|smtpd -n smtp -t inet -u -c>>",
        "postgres: {word} {word} {inside}({n}) <<SELECT|idle|COMMIT|INSERT>>",
        "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock",
        "containerd-shim-runc-v2 -namespace moby -id {hash} -address /run/containerd/containerd.sock",
        "runc --root /var/run/docker/runtime-runc/moby --log-format json create --bundle /run/containerd/{hash} {hash}",
        "/usr/bin/node_exporter --web.listen-address=:9100",
        "/usr/bin/java -Xms{n}m -Xmx{n}m -XX:+UseG1GC -jar /opt/{word}/{word}.jar --server.port={port}",
        "/opt/{word}/bin/{word} --config /etc/{word}/{word}.<<yml|conf|toml>> <<--log-level info|-d|>>",
        "/snap/{word}/{n}/bin/{word} run",
        "/usr/libexec/<<gvfsd --replace|at-spi2-registryd|tracker-miner-fs-3|gnome-shell-calendar-server|dconf-service>>",
    )
)

unix_admin = any_of(
    (
        "<<|sudo >>systemctl <<restart|status|reload|enable|enable --now|start|stop|daemon-reload|list-units --failed|is-active>> {unit}",
        "<<|sudo >>apt<<-get|>> <<update|upgrade -y|install -y {package}|install {package} {package}|remove {package}|autoremove|dist-upgrade>>",
        "<<|sudo >><<yum|dnf>> <<install -y {package}|update|check-update|remove {package}>>",
        "<<|sudo >><<tail -f {ulog}|tail -n {n} {ulog}|less {ulog}|cat {ulog}|grep -i error {ulog}|zgrep {word} {ulog}.1.gz|journalctl -u {unit} -f|journalctl -xe|journalctl --since today|journalctl --vacuum-time=30d|dmesg -T>>",
        "<<|sudo >><<vim|vi|nano>> /etc/<<nginx/nginx.conf|hosts|fstab|ssh/sshd_config|crontab|{word}/{word}.conf|netplan/01-netcfg.yaml|sudoers.d/{word}|systemd/system/{word}.service|cron.d/{word}>>",
        "<<|sudo >><<useradd -m -s /bin/bash {person}|usermod -aG docker {person}|passwd {person}|userdel -r {person}|groupadd {word}|adduser {person}|chage -l {person}|visudo|gpasswd -a {person} {word}>>",
        "<<|sudo >><<chmod 644 {uhome}/{word}.txt|chmod +x {uhome}/{word}.sh|chmod 600 {uhome}/.ssh/id_ed25519|chown -R {person}:{person} {uhome}|chown www-data:www-data /var/www/{word}|chmod 755 /usr/local/bin/{word}|chmod -R g+w /srv/{word}|setfacl -m u:{person}:rx /srv/{word}>>",
        "<<|sudo >><<iptables -L -n -v|iptables -A INPUT -p tcp --dport {port} -j ACCEPT|ufw allow {port}/tcp|ufw status|ufw enable|nft list ruleset|firewall-cmd --list-all|firewall-cmd --add-port={port}/tcp --permanent|ss -tlnp|netstat -tlnp|ip addr show|ip route|ip link set eth0 up|lsof -i :{port}|tcpdump -i eth0 -n port {port} -c {n}|dig www.example.com|host {word}.example.com|mtr -r {inside}|ping -c {d} {inside}|traceroute {inside}|nmap -sn {inside}/24|curl -I https://www.example.com|wget {web}/{word}.tar.gz>>",
        "<<rsync -avz --delete {uhome}/ {person}@{host}:/srv/{word}/|scp {word}.tar.gz {person}@{host}:/tmp/|tar czf /backup/{word}-{date}.tar.gz /srv/{word}|tar xzf {word}.tar.gz -C /opt|pg_dump {word} | gzip > /backup/{word}-{date}.sql.gz|mysqldump -u root {word} > /backup/{word}.sql|restic -r /backup/{word} backup /home|dd if=/dev/sda1 of=/backup/{word}.img bs=4M status=progress|borg create /backup/{word}::{date} /etc /home|zfs snapshot tank/{word}@{date}|rclone sync /srv/{word} backup:{word}>>",
        "<<df -h|du -sh /var/*|free -m|top -b -n 1|htop|uptime|w|who|last -n {n}|ps aux|ps -ef --forest|vmstat 1 {d}|iostat -x|lsblk|mount -a|fdisk -l|blkid|lscpu|uname -a|cat /proc/meminfo|cat /etc/os-release|hostnamectl|timedatectl|id {person}|crontab -l|crontab -e|kill {n}|kill -9 {n}|pkill -f {word}|killall {word}|history|sudo -i|su - {person}|exit|reboot|shutdown -h now>>",
        "<<openssl x509 -in {word}.pem -noout -enddate|openssl req -new -newkey rsa:2048 -nodes -keyout {word}.key -out {word}.csr|openssl s_client -connect {host}:443|certbot renew --quiet|ssh-keygen -t ed25519 -f {uhome}/.ssh/id_{word}|ssh-copy-id {person}@{host}|ssh {person}@{host}|ssh -L {port}:localhost:{port} {person}@{host}|ssh -J {host} {person}@{inside}|gpg --verify {word}.asc|sha256sum {word}.iso|nginx -t|apachectl configtest|visudo -c|logger -t {word} {word}>>",
        "<<|sudo >><<find /var/log -name '*.gz' -mtime +{n} -delete|find {uhome} -type f -size +{n}M|find . -name '*.{ending}' -exec ls -l {} +|find /srv -type d -exec chmod 755 {} \\;|locate {word}|updatedb|ln -s /opt/{word}-{version} /opt/{word}|mkdir -p /srv/{word}/{word}|mv {word}.conf {word}.conf.bak|cp -a /etc/{word} /etc/{word}.bak|rm -rf /srv/{word}/cache/*|rm -f /tmp/{word}.lock|touch /tmp/{word}.lock|logrotate -f /etc/logrotate.d/{word}|truncate -s 0 /var/log/{word}/debug.log|sed -i 's/{word}/{word}/g' /etc/{word}/{word}.conf|awk '{print $1}' {ulog} | sort | uniq -c | sort -rn | head -{d}|cut -d' ' -f1 {ulog} | sort -u|cat /etc/passwd|getent group sudo|echo {word} | sudo tee /etc/{word}.conf|sysctl -p|modprobe {word}|lsmod|insmod /lib/modules/{version}/{word}.ko|depmod -a|update-grub|grub-mkconfig -o /boot/grub/grub.cfg>>",
        "ansible<<-playbook|>> -i <<inventory|hosts.ini>> {word}.yml <<--limit {host}|--check|-b|>>",
        "/bin/sh -c '/usr/bin/python3 /root/.ansible/tmp/ansible-tmp-{n}.{d}-{n}-{big}/AnsiballZ_<<command|apt|copy|setup>>.py && sleep 0'",
        "<<kubectl get pods -A|kubectl -n {word} rollout restart deploy/{word}|helm upgrade --install {word} ./{word} -f values.yaml|docker ps|docker logs -f {word}|docker compose up -d|docker system prune -f|docker exec -it {word} bash|podman images|crictl ps>>",
    )
)

unix_dev = any_of(
    (
        "<<make|make -j{d} all|make test|cmake --build build|cmake -S . -B build -DCMAKE_BUILD_TYPE=Release|gcc -O2 -o {word} {word}.c|g++ -std=c++20 -c {word}.cpp|cargo build --release|cargo test|go build ./...|go test ./{word}/...|npm ci|npm run {word}|yarn build|npx tsc|mvn -q package|./gradlew test|./configure --prefix=/usr/local|ninja -C build|pytest -q tests/{word}|tox -e py312|ruff check .|mypy src|bundle exec rspec|composer install>>",
        "git <<status|pull|push origin {word}|commit -m '{word} {word}'|checkout -b {word}/{word}|rebase -i HEAD~{d}|log --oneline --graph|diff HEAD~1|clone git@git.example.com:{word}/{word}.git|stash pop|submodule update --init|fetch --prune>>",
        "<<python3|python>> <<-m venv .venv|-m pip install -r requirements.txt|{word}.py --{word} {n}|manage.py migrate|-c 'import json,sys;print(json.load(sys.stdin)[\"{word}\"])'|-m http.server {port}|-m pytest|setup.py install|-c \"print('{word}')\">>",
        "curl <<--proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh|-fsSL https://get.docker.com | sh|-o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.39.{d}/install.sh | bash|-sSL https://install.python-poetry.org | python3 -|-fsSL https://deb.example.com/setup_{n}.x | sudo -E bash -|-s http://localhost:{port}/health|-X POST -H 'Content-Type: application/json' -d '{\"{word}\":{n}}' http://localhost:{port}/{word}|-LO {web}/{word}-{version}.tar.gz|-s https://api.example.com/v{d}/{word} | jq .{word}>>",
        "<<wget -qO- {web}/key.gpg | sudo apt-key add -|wget {web}/{word}-{version}.deb && sudo dpkg -i {word}-{version}.deb|pip install {package}|pip3 install --upgrade {word}|gem install {word}|brew install {package}|conda activate {word}|npm install -g {word}>>",
        "docker <<build -t {word}:{version} .|run --rm -it -v $(pwd):/work -w /work python:3.12 pytest|run -d -p {port}:80 --name {word} nginx|push registry.example.com/{word}:{version}|run --rm alpine sh -c 'echo {word}'>>",
        "<<echo {hex} | base64 -d > {word}.bin|base64 -w0 {word}.pem|echo -n {word} | base64|kubectl get secret {word} -o jsonpath='{.data.password}' | base64 -d|openssl rand -base64 32|xxd {word}.bin | head|jq -r '.{word}[]' {word}.json|yq e '.{word}' {word}.yaml|envsubst < {word}.tmpl > {word}.yaml|tee {word}.log|source .venv/bin/activate|export PATH=$PATH:/opt/{word}/bin|node {word}.js|code .|vim {word}.py|ls -lah {uhome}|cd {uhome}/src|cat {word}.json|grep -rn {word} src/|rg {word}|sed -n 1,{n}p {word}.txt|time ./{word}|strace -f -p {n}|gdb ./{word} core|valgrind ./{word}|perf record -g ./{word}|ldd ./{word}|LD_LIBRARY_PATH=/opt/{word}/lib ./{word}|terraform plan|aws s3 ls s3://{word}|gcloud compute instances list|az group list -o table|ssh {person}@{host} 'uptime'|psql -h localhost -U {person} {word}|redis-cli -h {inside} info|mysql -u {person} -p {word}|nc -zv {inside} {port}|nc -l {port}|socat TCP-LISTEN:{port},fork TCP:{inside}:{port}|screen -dmS {word}|tmux attach -t {word}|nohup ./{word}.sh > {word}.log 2>&1 &|nohup python3 {word}.py &>>",
    )
)

unix_scripts = any_of(
    (
        'bash -c \'<<for f in *.log; do gzip "$f"; done|set -euo pipefail; cd {uhome}; ./{word}.sh|source /etc/profile && {word}|if [ -f /etc/{word} ]; then cat /etc/{word}; fi|while read l; do echo "$l"; done < {word}.txt|test -d {uhome} && ls {uhome}|curl -fs http://localhost:{port}/health || systemctl restart {unit}|trap "rm -f /tmp/{word}.$$" EXIT; sleep {d}|[ $(df / | awk "NR==2{print \\$5}" | tr -d %) -gt 90 ] && logger disk>>\'',
        "/bin/bash {uhome}/<<bin|scripts|{word}>>/{word}.sh <<--{word}|{n}|start|backup {date}|>>",
        "sh /tmp/{word}-installer.sh --prefix=/opt/{word}",
        "/bin/sh /usr/share/{word}/{word}.sh <<post-install|{version}|>>",
        "/tmp/<<go-build{big}/b001/exe/{word}|pytest-of-{person}/pytest-{d}/{word}|cc{hex}.s|npm-{n}-{hex}/{word}|{word}.AppImage --no-sandbox|.mount_{word}{hex}/AppRun|pip-install-{hex}/{word}/setup.py egg_info|vscode-{hex}/server.sh|ansible_{word}_payload_{hex}/{word}.zip>>",
        "perl <<-pe 's/{word}/{word}/g' {word}.txt|-e 'print \"{word}\\n\"'|/usr/bin/{word}.pl --{word}|-MCPAN -e 'install {word}'|-ne 'print if /{word}/' {ulog}>>",
        "awk <<'{print $2}' {word}.txt|-F: '{print $1}' /etc/passwd|'NR>1 {s+=$3} END {print s}' {word}.csv|'/{word}/ {print $NF}' {ulog}>>",
        "xargs -n 1 -P {d} {word}",
        "php <<artisan schedule:run|/var/www/{word}/cron.php|-r 'echo PHP_VERSION;'|-S localhost:{port}>>",
        "ruby <<script/{word}.rb|-e 'puts RUBY_VERSION'|bin/rails server>>",
        "/usr/bin/env <<python3 {uhome}/{word}.py|bash {uhome}/{word}.sh|node {uhome}/{word}.js>>",
        "crontab {uhome}/{word}.cron",
        "tar -cf - {uhome} | ssh {person}@{host} 'cat > /backup/{word}.tar'",
        "mkfifo /tmp/{word}.fifo && cat {word}.sql > /tmp/{word}.fifo",
        'echo "{word} {date}" >> {ulog}',
        "chown root:root /etc/cron.d/{word} && chmod 644 /etc/cron.d/{word}",
        "install -m 755 {word} /usr/local/bin/{word}",
        "su -s /bin/sh -c '/usr/bin/{word} --update' www-data",
        "sudo -u postgres psql -c 'SELECT count(*) FROM {word}'",
        "chattr -R +C /var/lib/{word}",
    )
)
