// SPDX-License-Identifier: GPL-2.0-only
/*
 * Direct I/O to a disk from awkward memory: vectors of many small pieces that
 * start anywhere in a page. fio's buffers begin on page boundaries and leave the
 * scatter/gather limits of a driver untried; this writes a pattern that depends
 * on the place on the disk, with one set of pieces, and reads it back with another.
 *
 *   dio [-g] [-a ALIGN] [-b BASE] [-m MAXBYTES] [-n PIECES] [-r ROUNDS] [-s SEED] DEVICE
 *
 * -g goes by SG_IO commands with a vector, where pieces need not be whole
 * sectors. Memory addresses, and with -g lengths, are multiples of ALIGN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <scsi/sg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned long align = 4, base, maxbytes = 1 << 20, pieces = 160, rounds = 100, seed = 1;
static unsigned int sector = 512;
static int use_sg;
static uint64_t state;

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void die(const char *what)
{
	fprintf(stderr, "dio: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint8_t pattern(uint64_t offset, uint64_t salt)
{
	uint64_t word = (offset >> 3) * 0x9e3779b97f4a7c15ull + salt * 0xc2b2ae3d27d4eb4full;

	return word >> ((offset & 7) * 8);
}

/* Cut len bytes into pieces that lie apart from each other in the arena. */
static int scatter(struct iovec *iov, uint8_t *arena, size_t len)
{
	size_t unit = use_sg ? align : sector;
	size_t at = 0;
	unsigned long n = 0;

	while (len) {
		size_t part = len;

		if (n + 1 < pieces && len > unit) {
			size_t most = len / unit;

			/* Small and large ones; the rest must fit into what is left. */
			if (rnd() & 1)
				most = most > 16 ? 16 : most;
			part = (1 + rnd() % most) * unit;
		}
		at += (rnd() % 64) * align;
		iov[n].iov_base = arena + at;
		iov[n].iov_len = part;
		at += part;
		/* The next one starts at any place in a page of its own. */
		at = (at + 4095) / 4096 * 4096 + (rnd() % (4096 / align)) * align;
		len -= part;
		n++;
	}
	return n;
}

static void by_sg(int fd, struct iovec *iov, int n, size_t len, uint64_t offset, int out)
{
	uint32_t lba = offset / sector, count = len / sector;
	uint8_t cdb[10] = { out ? 0x2a : 0x28, 0, lba >> 24, lba >> 16, lba >> 8, lba, 0, count >> 8, count };
	uint8_t sense[64];
	struct sg_io_hdr hdr = {
		.interface_id = 'S',
		.dxfer_direction = out ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV,
		.cmd_len = sizeof(cdb), .cmdp = cdb,
		.mx_sb_len = sizeof(sense), .sbp = sense,
		.iovec_count = n, .dxfer_len = len, .dxferp = iov,
		.timeout = 60000,
	};

	if (ioctl(fd, SG_IO, &hdr) < 0)
		die("SG_IO");
	if (hdr.status || hdr.host_status || hdr.driver_status || hdr.resid) {
		fprintf(stderr, "dio: SG_IO of %u sectors at %u in %d pieces: status %#x host %#x driver %#x residual %d\n",
			count, lba, n, hdr.status, hdr.host_status, hdr.driver_status, hdr.resid);
		exit(1);
	}
}

static void transfer(int fd, struct iovec *iov, int n, size_t len, uint64_t offset, int out)
{
	ssize_t done;

	if (use_sg) {
		by_sg(fd, iov, n, len, offset, out);
		return;
	}
	done = out ? pwritev(fd, iov, n, offset) : preadv(fd, iov, n, offset);
	if (done < 0)
		die(out ? "pwritev" : "preadv");
	if ((size_t)done != len) {
		fprintf(stderr, "dio: %zd of %zu bytes at %llu\n", done, len, (unsigned long long)offset);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static struct iovec iov[IOV_MAX];
	unsigned long long total = 0, parts = 0;
	uint64_t offset;
	uint8_t *arena;
	size_t room;
	unsigned long round;
	int c, fd;

	while ((c = getopt(argc, argv, "ga:b:m:n:r:s:")) != -1) {
		switch (c) {
		case 'g': use_sg = 1; break;
		case 'a': align = strtoul(optarg, NULL, 0); break;
		case 'b': base = strtoul(optarg, NULL, 0); break;
		case 'm': maxbytes = strtoul(optarg, NULL, 0); break;
		case 'n': pieces = strtoul(optarg, NULL, 0); break;
		case 'r': rounds = strtoul(optarg, NULL, 0); break;
		case 's': seed = strtoul(optarg, NULL, 0); break;
		default: return 2;
		}
	}
	if (optind + 1 != argc || !align || !pieces || pieces > IOV_MAX) {
		fprintf(stderr, "dio: see the top of dio.c\n");
		return 2;
	}
	state = seed * 0x2545f4914f6cdd1dull + 1;
	fd = open(argv[optind], O_RDWR | O_DIRECT);
	if (fd < 0)
		die(argv[optind]);
	if (ioctl(fd, BLKSSZGET, &sector) < 0 || maxbytes < sector)
		die("size of a sector");
	room = maxbytes + pieces * (2 * 4096 + 64 * align) + 65536;
	if (posix_memalign((void **)&arena, 4096, room))
		die("memory");

	offset = base;
	for (round = 0; round < rounds; round++) {
		size_t len = (1 + rnd() % (maxbytes / sector)) * sector;
		uint64_t at;
		size_t i;
		int n, k;

		if (!(rnd() % 3))
			len = (1 + rnd() % 16) * sector;
		if (len > maxbytes)
			len = maxbytes;

		memset(arena, 0xee, room);
		n = scatter(iov, arena, len);
		at = offset;
		for (k = 0; k < n; k++)
			for (i = 0; i < iov[k].iov_len; i++)
				((uint8_t *)iov[k].iov_base)[i] = pattern(at++, seed + round);
		transfer(fd, iov, n, len, offset, 1);
		parts += n;

		memset(arena, 0x11, room);
		n = scatter(iov, arena, len);
		transfer(fd, iov, n, len, offset, 0);
		parts += n;
		at = offset;
		for (k = 0; k < n; k++) {
			uint8_t *p = iov[k].iov_base;

			for (i = 0; i < iov[k].iov_len; i++, at++) {
				if (p[i] == pattern(at, seed + round))
					continue;
				fprintf(stderr, "dio: round %lu: byte %llu is %#04x, written was %#04x (piece %d of %d, %zu bytes into its %zu)\n",
					round, (unsigned long long)at, p[i], pattern(at, seed + round),
					k, n, i, iov[k].iov_len);
				return 1;
			}
			/* Nothing may be written past the end of a piece. */
			if (p[iov[k].iov_len] != 0x11 && (k + 1 == n || p + iov[k].iov_len != iov[k + 1].iov_base)) {
				fprintf(stderr, "dio: round %lu: the byte after piece %d of %d was overwritten\n", round, k, n);
				return 1;
			}
		}
		total += 2 * len;
		offset += len;
	}
	printf("%lu rounds, %llu KiB in %llu pieces, from %lu to %llu\n", rounds, total >> 10, parts, base,
	       (unsigned long long)offset);
	return 0;
}
