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

#define PATTERN	0xa5

int main(int argc, char **argv)
{
	unsigned char cdb[16], sense[32], *buffer;
	struct sg_io_hdr io = { .interface_id = 'S', .dxfer_direction = SG_DXFER_FROM_DEV, .timeout = 20000 };
	unsigned int i, came, bytes;
	int fd;

	if (argc < 4 || argc - 3 > (int)sizeof(cdb)) {
		fprintf(stderr, "sgrest: see the top of sgrest.c\n");
		return 2;
	}
	bytes = strtoul(argv[2], NULL, 0);
	for (i = 0; (int)i < argc - 3; i++)
		cdb[i] = strtoul(argv[3 + i], NULL, 16);
	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	/* Page by page, so that the kernel uses it in place and in pieces. */
	buffer = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || buffer == MAP_FAILED) {
		perror("sgrest");
		return 2;
	}
	memset(buffer, PATTERN, bytes);
	io.cmd_len = argc - 3;
	io.cmdp = cdb;
	io.mx_sb_len = sizeof(sense);
	io.sbp = sense;
	io.dxfer_len = bytes;
	io.dxferp = buffer;
	if (ioctl(fd, SG_IO, &io) || io.status || io.host_status) {
		fprintf(stderr, "sgrest: the command failed: status %#x, host status %#x\n", io.status, io.host_status);
		return 2;
	}
	came = bytes - io.resid;
	printf("%u bytes of %u\n", came, bytes);
	/* A word of the data register, and so of the memory, may have come half. */
	for (i = (came + 1) & ~1u; i < bytes; i++)
		if (buffer[i] != PATTERN) {
			fprintf(stderr, "sgrest: byte %u is %#x, and nothing was brought there\n", i, buffer[i]);
			return 1;
		}
	return came == bytes;
}
