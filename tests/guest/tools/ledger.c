// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes and reads a disk while something is done to it, and keeps a ledger: which write of each
 * block was acknowledged last, and which was tried last. Every sector on the disk must then have
 * what a write from the one to the other has put there: what was acknowledged is there, and nothing
 * else is.
 *
 *   ledger run [-k] [-n BLOCKS] [-o MIB] [-t THREADS] LEDGER DEVICE
 *   ledger check LEDGER DEVICE
 *
 * "run" goes on until SIGTERM or until every thread has met an error; with -k threads go on after
 * errors. Each thread has blocks of its own, so that one write of a block is in flight at a time.
 * A LEDGER that is there already is taken up. What is read is checked at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512u
#define BLOCK 4096u
#define WORDS (SECTOR / sizeof(uint64_t))
#define MAGIC 0x6c65646765723031ull

struct entry {
	uint32_t acked;		/* number of the last write that was acknowledged */
	uint32_t tried;		/* and of the last one that was begun */
};

struct head {
	uint64_t magic;
	uint64_t blocks;
	uint64_t first;		/* byte on the disk */
};

static struct head head = { MAGIC, 4096, 64 << 20 };
static struct entry *entries;
static unsigned long threads = 32;
static int keep_on, fd;
static atomic_ulong written, failed, seen, wrong;
static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "ledger: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 31)) * 0x7fb5d329728ea185ull;
	x = (x ^ (x >> 27)) * 0x81dadef4bc2dd44dull;
	return x ^ (x >> 33);
}

/* What write number "number" puts into a sector; none has number 0. */
static void fill(uint64_t *words, uint64_t sector, uint32_t number)
{
	words[0] = sector;
	words[1] = number;
	for (size_t i = 2; i < WORDS; i++)
		words[i] = mix(sector << 32 ^ (uint64_t)number << 8 ^ i);
}

static void look(const void *buf, uint64_t block)
{
	const struct entry *e = &entries[block];
	uint64_t want[WORDS];

	/* Nothing is promised of a block before; it may have what an earlier ledger knew. */
	if (!e->acked)
		return;
	for (unsigned int i = 0; i < BLOCK / SECTOR; i++) {
		const uint64_t *have = (const uint64_t *)buf + i * WORDS;
		uint64_t sector = block * (BLOCK / SECTOR) + i;

		fill(want, sector, have[1]);
		if (have[1] >= e->acked && have[1] <= e->tried && !memcmp(want, have, SECTOR))
			continue;
		if (atomic_fetch_add(&wrong, 1) < 10)
			fprintf(stderr, "ledger: WRONG block %llu sector %u: write %llu of sector %llu, acknowledged %u, tried %u\n",
				(unsigned long long)block, i, (unsigned long long)have[1],
				(unsigned long long)have[0], e->acked, e->tried);
	}
}

static int at(uint64_t block, void *buf, int write)
{
	off_t place = head.first + block * BLOCK;
	ssize_t n = write ? pwrite(fd, buf, BLOCK, place) : pread(fd, buf, BLOCK, place);

	if (n == BLOCK)
		return 1;
	atomic_fetch_add(&failed, 1);
	return 0;
}

static void *worker(void *arg)
{
	uint64_t me = (uintptr_t)arg, state = mix(me + 1 + getpid());
	uint64_t mine = (head.blocks - me + threads - 1) / threads;
	uint64_t *buf;
	int ok = 1;

	if (posix_memalign((void **)&buf, BLOCK, BLOCK))
		die("memory");
	while (!stop && (ok || keep_on)) {
		uint64_t block;
		struct entry *e;

		if (!ok)
			usleep(20000);
		state = mix(state + me + 1);
		block = me + (state >> 8) % mine * threads;
		e = &entries[block];
		if (e->acked && !(state & 3)) {
			ok = at(block, buf, 0);
			if (ok) {
				look(buf, block);
				atomic_fetch_add(&seen, 1);
			}
			continue;
		}
		e->tried++;
		for (unsigned int i = 0; i < BLOCK / SECTOR; i++)
			fill(buf + i * WORDS, block * (BLOCK / SECTOR) + i, e->tried);
		ok = at(block, buf, 1);
		if (ok) {
			e->acked = e->tried;
			atomic_fetch_add(&written, 1);
		}
	}
	return NULL;
}

static int load(const char *path)
{
	FILE *in = fopen(path, "rb");

	if (in && (fread(&head, sizeof(head), 1, in) != 1 || head.magic != MAGIC))
		die(path);
	entries = calloc(head.blocks, sizeof(*entries));
	if (!entries)
		die("memory");
	if (!in)
		return 0;
	if (fread(entries, sizeof(*entries), head.blocks, in) != head.blocks)
		die(path);
	fclose(in);
	return 1;
}

static void save(const char *path)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(&head, sizeof(head), 1, out) != 1 ||
	    fwrite(entries, sizeof(*entries), head.blocks, out) != head.blocks || fclose(out))
		die(path);
}

static int run(const char *path, const char *device)
{
	struct sigaction act = { .sa_handler = on_term };
	pthread_t *thread = calloc(threads, sizeof(*thread));

	load(path);
	fd = open(device, O_RDWR | O_DIRECT);
	if (fd < 0)
		die(device);
	sigaction(SIGTERM, &act, NULL);
	for (unsigned long i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, worker, (void *)i))
			die("thread");
	for (unsigned long i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	save(path);
	printf("acknowledged %lu writes, read %lu blocks, %lu requests failed\n", written, seen, failed);
	return wrong ? 1 : 0;
}

static int check(const char *path, const char *device)
{
	unsigned long acked = 0;
	void *buf;

	if (!load(path))
		die(path);
	fd = open(device, O_RDONLY | O_DIRECT);
	if (fd < 0)
		die(device);
	if (posix_memalign(&buf, BLOCK, BLOCK))
		die("memory");
	for (uint64_t block = 0; block < head.blocks; block++) {
		if (!entries[block].tried)
			continue;
		if (!at(block, buf, 0))
			die("read");
		look(buf, block);
		acked += !!entries[block].acked;
	}
	printf("%lu blocks checked\n", acked);
	/* A ledger without an entry proves nothing. */
	return wrong || !acked;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int c;

	optind = 2;
	while ((c = getopt(argc, argv, "kn:o:t:")) != -1) {
		if (c == 'k')
			keep_on = 1;
		else if (c == 'n')
			head.blocks = strtoull(optarg, NULL, 0);
		else if (c == 'o')
			head.first = strtoull(optarg, NULL, 0) << 20;
		else if (c == 't')
			threads = strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (argc - optind == 2 && !strcmp(what, "run") && threads && head.blocks >= threads)
		return run(argv[optind], argv[optind + 1]);
	if (argc - optind == 2 && !strcmp(what, "check"))
		return check(argv[optind], argv[optind + 1]);
	fprintf(stderr, "usage: ledger run|check [-k] [-n BLOCKS] [-o MIB] [-t THREADS] LEDGER DEVICE\n");
	return 2;
}
