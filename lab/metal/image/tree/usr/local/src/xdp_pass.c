/* XDP: every packet is passed on. */
__attribute__((section("xdp"), used)) int xdp_pass(void *context)
{
	return 2; /* XDP_PASS */
}

char _license[] __attribute__((section("license"), used)) = "GPL";
