// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads or writes a register of a PCI function behind its driver's back, by the
 * file of the BAR in sysfs. The kernel has to be booted with iomem=relaxed.
 *
 *   poke FILE OFFSET [VALUE [TIMES]]
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	volatile uint32_t *reg;
	unsigned long offset, times;
	struct stat st;
	void *map;
	int fd;

	if (argc < 3) {
		fprintf(stderr, "poke FILE OFFSET [VALUE [TIMES]]\n");
		return 2;
	}
	offset = strtoul(argv[2], NULL, 0);
	times = argc > 4 ? strtoul(argv[4], NULL, 0) : 1;
	fd = open(argv[1], O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(argv[1]);
		return 1;
	}
	if (offset & 3 || offset + 4 > (unsigned long)st.st_size) {
		fprintf(stderr, "poke: %#lx is not in %s\n", offset, argv[1]);
		return 1;
	}
	map = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		perror("mmap (is iomem=relaxed given?)");
		return 1;
	}
	reg = (volatile uint32_t *)((char *)map + offset);
	if (argc < 4)
		printf("%#x\n", *reg);
	else
		while (times--)
			*reg = strtoul(argv[3], NULL, 0);
	return 0;
}
