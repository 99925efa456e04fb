export async function pairPhone() { throw new Error("No phone yet."); }
