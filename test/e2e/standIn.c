/*
 * Stands for the binaries of the guides: it maps a huge page, starts threads by
 * name, listens where told, and says a few times a second what the kernel has
 * given it, in /dev/shm/NAME.json, NAME being what it was started as. It reads
 * nothing from /proc, so that it is another witness than the host program.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HUGE_PAGE (2UL << 20)
#define MOST_THREADS 16
#define OF_NODE 1 /* MPOL_F_NODE */
#define OF_ADDRESS 2 /* MPOL_F_ADDR */

struct seen {
	char name[16];
	char cpus[64];
	int policy, priority, niceness, memory;
	unsigned long nodes;
};

static struct seen threads[MOST_THREADS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void list_cpus(char *text, size_t size)
{
	cpu_set_t set;
	size_t used = 0;

	text[0] = 0;
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set) && used + 5 < size)
			used += (size_t)sprintf(text + used, "%s%d", used ? "," : "", cpu);
}

/* Each thread looks at itself: what others see of it could be something else. */
static void look(struct seen *me)
{
	struct seen now = { 0 };
	struct sched_param param;
	unsigned long nodes[16] = { 0 };

	pthread_getname_np(pthread_self(), now.name, sizeof(now.name));
	list_cpus(now.cpus, sizeof(now.cpus));
	now.policy = sched_getscheduler(0);
	sched_getparam(0, &param);
	now.priority = param.sched_priority;
	now.niceness = getpriority(PRIO_PROCESS, (id_t)gettid());
	syscall(SYS_get_mempolicy, &now.memory, nodes, 1024UL, NULL, 0UL);
	now.nodes = nodes[0];
	pthread_mutex_lock(&lock);
	*me = now;
	pthread_mutex_unlock(&lock);
}

static void *work(void *me)
{
	for (;;) {
		look(me);
		usleep(200000);
	}
	return NULL;
}

static int node_of(void *page)
{
	int node = -1;

	syscall(SYS_get_mempolicy, &node, NULL, 0UL, page, (unsigned long)(OF_NODE | OF_ADDRESS));
	return node;
}

static void *map(int flags)
{
	void *page = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (page == MAP_FAILED)
		return NULL;
	memset(page, 1, HUGE_PAGE);
	return page;
}

static void listen_on(const char *port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 8)) {
		perror("listen");
		exit(1);
	}
}

static void limit(FILE *out, const char *name, int resource)
{
	struct rlimit is;

	getrlimit((__rlimit_resource_t)resource, &is);
	fprintf(out, "\"%s\": \"", name);
	if (is.rlim_cur == RLIM_INFINITY)
		fprintf(out, "unlimited\", ");
	else
		fprintf(out, "%llu\", ", (unsigned long long)is.rlim_cur);
}

static void words(FILE *out, const char *name, char **list)
{
	fprintf(out, "\"%s\": [", name);
	for (int i = 0; list[i]; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : "", list[i]);
	fprintf(out, "], ");
}

static void report(const char *self, char **argv, int count, void *huge, void *page)
{
	char path[64], new[80];
	char *settings[] = { getenv("RAYON_NUM_THREADS"), getenv("RUST_LOG"), NULL };
	int xdp = socket(AF_XDP, SOCK_RAW, 0);
	FILE *out;

	snprintf(path, sizeof(path), "/dev/shm/%s.json", self);
	snprintf(new, sizeof(new), "%s.new", path);
	if ((out = fopen(new, "w")) == NULL)
		return;
	fprintf(out, "{\"uid\": %d, \"hugePageNode\": %d, \"pageNode\": %d, \"xdpSocket\": %s, ", getuid(),
		huge ? node_of(huge) : -1, node_of(page), xdp < 0 ? "false" : "true");
	if (xdp >= 0)
		close(xdp);
	words(out, "args", argv + 1);
	words(out, "settings", settings);
	limit(out, "nofile", RLIMIT_NOFILE);
	limit(out, "memlock", RLIMIT_MEMLOCK);
	limit(out, "rtprio", RLIMIT_RTPRIO);
	fprintf(out, "\"threads\": [");
	pthread_mutex_lock(&lock);
	for (int i = 0; i < count; i++)
		fprintf(out,
			"%s{\"name\": \"%s\", \"cpus\": \"%s\", \"policy\": %d, \"priority\": %d, \"nice\": %d, \"memory\": %d, \"nodes\": %lu}",
			i ? ", " : "", threads[i].name, threads[i].cpus, threads[i].policy, threads[i].priority,
			threads[i].niceness, threads[i].memory, threads[i].nodes);
	pthread_mutex_unlock(&lock);
	fprintf(out, "]}\n");
	fclose(out);
	rename(new, path);
}

int main(int argc, char **argv)
{
	const char *self = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	char *name, *names = getenv("STAND_IN_THREADS"), *port = getenv("STAND_IN_PORT");
	const char *called = getenv("STAND_IN_NAME") ? getenv("STAND_IN_NAME") : self;
	void *huge = map(MAP_HUGETLB), *page = map(0);
	int count = 1;

	(void)argc;
	if (port)
		listen_on(port);
	for (name = names ? strtok(names, ",") : NULL; name && count < MOST_THREADS; name = strtok(NULL, ",")) {
		pthread_t thread;

		pthread_create(&thread, NULL, work, &threads[count++]);
		pthread_setname_np(thread, name);
	}
	for (;;) {
		look(&threads[0]);
		report(called, argv, count, huge, page);
		usleep(200000);
	}
}
