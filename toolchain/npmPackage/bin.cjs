#!/usr/bin/env node
// The command of the npm package. It is read by every Node.js, so that one that is too
// old gets a sentence instead of a syntax error.
"use strict";
var oldest = 22;
if (Number(process.versions.node.split(".")[0]) < oldest) {
	console.error(
		"metaltune: expected Node.js " +
			oldest +
			" or newer, got " +
			process.versions.node +
			"; install it and run this again",
	);
	process.exit(1);
}
require("./cli/main.js");
