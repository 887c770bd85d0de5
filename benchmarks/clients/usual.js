// What people have at hand gets JSON without being told to: `node usual.js http://127.0.0.1:8000`.
import axios from "axios";

const address = `${process.argv[2]}/v1/estimates/inference?model=gpt4o&input_tokens=1M`;
const fetched = await (await fetch(address)).json();
const { data } = await axios.get(address);
for (const [name, answer] of Object.entries({ fetch: fetched, axios: data })) {
  if (!(answer.result?.cost_usd > 0)) throw new Error(`${name} got no dollars`);
  console.log(`usual ${name}`);
}
const refused = await axios.get(`${process.argv[2]}/v1/estimates/inference?model=nobody&input_tokens=1`, { validateStatus: () => true });
if (refused.status !== 404 || refused.data.errors[0].pointer !== "/model") throw new Error("a problem is not told");
