// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends a packet command that brings less than there is room for, and sees that the rest of the
 * memory stays as it was.
 *
 *   sgrest DEVICE BYTES CDB..      bytes in hexadecimal; prints how many bytes have come
 */
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#define PATTERN	0xa5
#define PAGE	4096
#define PAGES	64

static unsigned char *buffer;

/* Every other page, so that no two are one piece to the device. */
static unsigned char *byte(unsigned int i)
{
	return buffer + i / PAGE * 2 * PAGE + i % PAGE;
}

int main(int argc, char **argv)
{
	unsigned char cdb[16], sense[32];
	struct iovec piece[PAGES];
	struct sg_io_hdr io = { .interface_id = 'S', .dxfer_direction = SG_DXFER_FROM_DEV, .timeout = 20000 };
	unsigned int i, came, bytes;
	int fd;

	if (argc < 4 || argc - 3 > (int)sizeof(cdb)) {
		fprintf(stderr, "sgrest: see the top of sgrest.c\n");
		return 2;
	}
	bytes = strtoul(argv[2], NULL, 0);
	if (!bytes || bytes > PAGES * PAGE) {
		fprintf(stderr, "sgrest: %s bytes: 1 to %u are possible\n", argv[2], PAGES * PAGE);
		return 2;
	}
	for (i = 0; (int)i < argc - 3; i++)
		cdb[i] = strtoul(argv[3 + i], NULL, 16);
	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	/* Pages, so that the kernel uses them in place. */
	buffer = mmap(NULL, 2 * PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || buffer == MAP_FAILED) {
		perror("sgrest");
		return 2;
	}
	memset(buffer, PATTERN, 2 * PAGES * PAGE);
	for (i = 0; i < bytes; i += PAGE) {
		piece[i / PAGE].iov_base = byte(i);
		piece[i / PAGE].iov_len = bytes - i < PAGE ? bytes - i : PAGE;
	}
	io.cmd_len = argc - 3;
	io.cmdp = cdb;
	io.mx_sb_len = sizeof(sense);
	io.sbp = sense;
	io.dxfer_len = bytes;
	io.dxferp = piece;
	io.iovec_count = (bytes + PAGE - 1) / PAGE;
	if (ioctl(fd, SG_IO, &io) || io.status || io.host_status) {
		fprintf(stderr, "sgrest: the command failed: status %#x, host status %#x\n", io.status, io.host_status);
		return 2;
	}
	came = bytes - io.resid;
	printf("%u bytes of %u\n", came, bytes);
	/* A word of the data register, and so of the memory, may have come half. */
	for (i = (came + 1) & ~1u; i < bytes; i++)
		if (*byte(i) != PATTERN) {
			fprintf(stderr, "sgrest: byte %u is %#x, and nothing was brought there\n", i, *byte(i));
			return 1;
		}
	return came == bytes;
}
