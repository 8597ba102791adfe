/** An application that maps huge pages needs a pool of them. */
import { applicationsOf } from "../applicationCpus";
import { largestRequest, pagesGiB } from "../hugePages";
import type { HostRule, Option } from "../rule";

export const requiredHugePages: HostRule<{
	readonly minimumGiB: Option<{ readonly [application: string]: number }>;
}> = {
	name: "requiredHugePages",
	topic: "memory",
	scope: "host",
	severity: "mandatory",
	demand:
		"Each application that maps huge pages has some, and at least its configured minimum",
	reason:
		"mmap with MAP_HUGETLB fails without huge pages. Some applications fall back to small pages, and have a TLB miss for each",
	source:
		"Documentation/admin-guide/mm/hugetlbpage.rst; FX-Store guide, Optimization Checklist",
	options: {
		minimumGiB: {
			description: "GiB of huge pages that each of these applications needs",
			default: { "fx-store": 8 },
		},
	},
	judge: (host, { options: { minimumGiB } }) => {
		const has = pagesGiB(host);
		return applicationsOf(host).flatMap(([name, { hugetlbfs }]) => {
			const known = Object.hasOwn(minimumGiB, name) ? minimumGiB[name] : 0;
			const least = known ?? 0;
			if (has >= least && (has > 0 || hugetlbfs !== true)) return [];
			return [
				{
					host: host.name,
					path: largestRequest(host)?.path ?? "tuning",
					wrong: `${name} needs ${least === 0 ? "huge pages" : `${least} GiB of huge pages`}, but ${has} GiB are declared`,
					right: `declare ${least === 0 ? "huge pages" : `at least ${least * 512} pages of 2M`} in tuning.hugePages`,
				},
			];
		});
	},
};
