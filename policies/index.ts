/** The policy pack: `pulumi preview --policy-pack policies`. */
import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "./policy";
import { rules } from "./ruleRegistry";

new PolicyPack("metaltune", { policies: rules.map(policyOf) });
