// Mends a bill of materials: adds the frameworks that Native AOT links into the program for one runtime, and removes what belongs to
// another runtime. node sbom.js BILL ASSETS RUNTIME
const { readFileSync, writeFileSync } = require('node:fs');
const [billPath, assetsPath, runtime] = process.argv.slice(2);
const bill = JSON.parse(readFileSync(billPath));
const assets = JSON.parse(readFileSync(assetsPath));

const others = ['linux-x64', 'linux-arm64'].filter(other => other !== runtime);
const foreign = new Set(bill.components.filter(part => others.some(other => part.name.includes(other))).map(part => part['bom-ref']));
bill.components = bill.components.filter(part => !foreign.has(part['bom-ref']));
bill.dependencies = bill.dependencies
  .filter(part => !foreign.has(part.ref))
  .map(part => part.dependsOn ? { ...part, dependsOn: part.dependsOn.filter(ref => !foreign.has(ref)) } : part);

const linked = [`Microsoft.AspNetCore.App.Runtime.${runtime}`, `Microsoft.NETCore.App.Runtime.NativeAOT.${runtime}`];
const downloads = Object.values(assets.project.frameworks).flatMap(framework => framework.downloadDependencies ?? []);
for (const name of linked) {
  const found = downloads.find(download => download.name === name);
  if (!found) throw new Error(`${name} was not restored: publish or restore for ${runtime} first.`);
  const version = found.version.match(/[0-9][^,\]]*/)[0];
  const purl = `pkg:nuget/${name}@${version}`;
  bill.components.push({
    type: 'framework', 'bom-ref': purl, name, version, scope: 'required', purl, licenses: [{ license: { id: 'MIT' } }],
    description: 'Linked into the program by Native AOT',
  });
  bill.dependencies.push({ ref: purl, dependsOn: [] });
  bill.dependencies.find(part => part.ref === bill.metadata.component['bom-ref'])?.dependsOn.push(purl);
}
writeFileSync(billPath, JSON.stringify(bill, null, 2) + '\n');
